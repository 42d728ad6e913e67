package io.kontor.api.evolution;

import static java.util.Map.entry;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.datasubject.DataSubjectForgotten;
import io.kontor.api.endofday.BankDayEvent;
import io.kontor.api.endofday.ConditionsSet;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.order.OrderEvent;
import io.kontor.api.payment.PaymentEvent;
import io.kontor.api.shipment.ShipmentEvent;
import io.kontor.api.standingorder.StandingOrderEvent;
import java.util.Map;

/** The names of stored events. A name outlives its Java class: rename the class, never the name. */
public final class EventTypeRegistry {
  private static final Map<String, Class<?>> BY_NAME =
      Map.ofEntries(
          entry("account-opened", AccountEvent.AccountOpened.class),
          entry("money-deposited", AccountEvent.MoneyDeposited.class),
          entry("money-withdrawn", AccountEvent.MoneyWithdrawn.class),
          entry("hold-placed", AccountEvent.HoldPlaced.class),
          entry("hold-captured", AccountEvent.HoldCaptured.class),
          entry("hold-released", AccountEvent.HoldReleased.class),
          entry("account-frozen", AccountEvent.AccountFrozen.class),
          entry("account-unfrozen", AccountEvent.AccountUnfrozen.class),
          entry("overdraft-limit-changed", AccountEvent.OverdraftLimitChanged.class),
          entry("account-closed", AccountEvent.AccountClosed.class),
          entry("transfer-sent", AccountEvent.TransferSent.class),
          entry("transfer-received", AccountEvent.TransferReceived.class),
          entry("money-returned", AccountEvent.MoneyReturned.class),
          entry("interest-booked", AccountEvent.InterestBooked.class),
          entry("fee-booked", AccountEvent.FeeBooked.class),
          entry("conditions-set", ConditionsSet.class),
          entry("bank-day-opened", BankDayEvent.BankDayOpened.class),
          entry("bank-day-closed", BankDayEvent.BankDayClosed.class),
          entry("end-of-day-requested", BankDayEvent.EndOfDayRequested.class),
          entry("payment-requested", PaymentEvent.PaymentRequested.class),
          entry("payment-money-held", PaymentEvent.MoneyHeld.class),
          entry("payment-submitted", PaymentEvent.PaymentSubmitted.class),
          entry("payment-outcome-reported", PaymentEvent.OutcomeReported.class),
          entry("payment-return-announced", PaymentEvent.ReturnAnnounced.class),
          entry("payment-settled", PaymentEvent.PaymentSettled.class),
          entry("payment-rejected", PaymentEvent.PaymentRejected.class),
          entry("payment-returned", PaymentEvent.PaymentReturned.class),
          entry("payment-attention-needed", PaymentEvent.AttentionNeeded.class),
          entry("payment-retry-requested", PaymentEvent.RetryRequested.class),
          entry("payment-attention-ended", PaymentEvent.AttentionEnded.class),
          entry("data-subject-forgotten", DataSubjectForgotten.class),
          entry("capture-refunded", AccountEvent.CaptureRefunded.class),
          entry("product-registered", InventoryEvent.ProductRegistered.class),
          entry("stock-added", InventoryEvent.StockAdded.class),
          entry("stock-reserved", InventoryEvent.StockReserved.class),
          entry("stock-released", InventoryEvent.StockReleased.class),
          entry("stock-shipped", InventoryEvent.StockShipped.class),
          entry("shipment-requested", ShipmentEvent.ShipmentRequested.class),
          entry("shipment-scheduled", ShipmentEvent.ShipmentScheduled.class),
          entry("shipment-refused", ShipmentEvent.ShipmentRefused.class),
          entry("carrier-failed", ShipmentEvent.CarrierFailed.class),
          entry("shipment-cancellation-requested", ShipmentEvent.CancellationRequested.class),
          entry("shipment-cancelled", ShipmentEvent.ShipmentCancelled.class),
          entry("shipment-cancellation-refused", ShipmentEvent.CancellationRefused.class),
          entry("order-placed", OrderEvent.OrderPlaced.class),
          entry("order-paid", OrderEvent.OrderPaid.class),
          entry("order-items-reserved", OrderEvent.ItemsReserved.class),
          entry("order-shipping-scheduled", OrderEvent.ShippingScheduled.class),
          entry("order-payment-captured", OrderEvent.PaymentCaptured.class),
          entry("order-confirmed", OrderEvent.OrderConfirmed.class),
          entry("order-items-shipped", OrderEvent.ItemsShipped.class),
          entry("order-compensation-began", OrderEvent.CompensationBegan.class),
          entry("order-step-undone", OrderEvent.StepUndone.class),
          entry("order-cancelled", OrderEvent.OrderCancelled.class),
          entry("order-attention-needed", OrderEvent.AttentionNeeded.class),
          entry("order-retry-requested", OrderEvent.RetryRequested.class),
          entry("order-step-settled-by-hand", OrderEvent.StepSettledByHand.class),
          entry("standing-order-created", StandingOrderEvent.StandingOrderCreated.class),
          entry("standing-order-executed", StandingOrderEvent.StandingOrderExecuted.class),
          entry("standing-order-postponed", StandingOrderEvent.ExecutionPostponed.class),
          entry("standing-order-failed", StandingOrderEvent.ExecutionFailed.class),
          entry("standing-order-paused", StandingOrderEvent.StandingOrderPaused.class),
          entry("standing-order-resumed", StandingOrderEvent.StandingOrderResumed.class),
          entry("standing-order-cancelled", StandingOrderEvent.StandingOrderCancelled.class));

  private EventTypeRegistry() {}

  /** Every event class by its stored name. */
  public static Map<String, Class<?>> byName() {
    return BY_NAME;
  }
}
