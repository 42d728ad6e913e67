package io.kontor.integration.outbox;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.datasubject.DataSubjectForgotten;
import io.kontor.api.endofday.BankDayEvent;
import io.kontor.api.endofday.ConditionsSet;
import io.kontor.api.integration.AccountV1;
import io.kontor.api.integration.AmountV1;
import io.kontor.api.integration.IntegrationEvent;
import io.kontor.api.integration.OrderV1;
import io.kontor.api.integration.PaymentV1;
import io.kontor.api.integration.ProductV1;
import io.kontor.api.integration.ShipmentV1;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderEvent;
import io.kontor.api.order.OrderLine;
import io.kontor.api.payment.PaymentEvent;
import io.kontor.api.shipment.ShipmentEvent;
import io.kontor.api.standingorder.StandingOrderEvent;
import org.jspecify.annotations.Nullable;

/**
 * Maps each event of the bank to its public form, or to none. Names, customers, addresses and free
 * text are left out, since a published record can't be erased.
 */
final class IntegrationEventMapper {
  private static final @Nullable IntegrationEvent NOT_PUBLISHED = null;

  private IntegrationEventMapper() {}

  /**
   * The public form; null when the event is not published.
   *
   * @throws IllegalArgumentException when this version does not know the event: a newer version has
   *     to publish it
   */
  static @Nullable IntegrationEvent of(Object event) {
    return switch (event) {
      case AccountEvent account -> account(account);
      case PaymentEvent payment -> payment(payment);
      case OrderEvent order -> order(order);
      case InventoryEvent item -> product(item);
      case ShipmentEvent shipment -> shipment(shipment);
      case StandingOrderEvent _ -> NOT_PUBLISHED; // its transfers and payments are
      // What they lead to is booked on accounts, and that is published.
      case BankDayEvent _, ConditionsSet _ -> NOT_PUBLISHED;
      case DataSubjectForgotten _ -> NOT_PUBLISHED; // it names a person
      default ->
          throw new IllegalArgumentException(
              "an event that this version does not know: " + event.getClass().getName());
    };
  }

  private static @Nullable IntegrationEvent account(AccountEvent event) {
    var account = event.account().uuid();
    return switch (event) {
      case AccountEvent.AccountOpened e ->
          new AccountV1.Opened(account, e.currency().getCurrencyCode(), amount(e.overdraftLimit()));
      case AccountEvent.MoneyDeposited e ->
          new AccountV1.Deposited(account, e.entry(), amount(e.amount()), amount(e.balance()));
      case AccountEvent.MoneyWithdrawn e ->
          new AccountV1.Withdrawn(account, e.entry(), amount(e.amount()), amount(e.balance()));
      case AccountEvent.HoldPlaced e ->
          new AccountV1.HoldPlaced(
              account, e.hold(), amount(e.amount()), amount(e.held()), e.expiresAt());
      case AccountEvent.HoldCaptured e ->
          new AccountV1.HoldCaptured(
              account,
              e.hold(),
              e.entry(),
              amount(e.amount()),
              amount(e.released()),
              amount(e.balance()),
              amount(e.held()));
      // nothing was held
      case AccountEvent.HoldReleased e when e.amount().isZero() -> NOT_PUBLISHED;
      case AccountEvent.HoldReleased e ->
          new AccountV1.HoldReleased(
              account,
              e.hold(),
              amount(e.amount()),
              amount(e.held()),
              e.reason() == HoldReleaseReason.EXPIRED);
      case AccountEvent.CaptureRefunded e ->
          new AccountV1.CaptureRefunded(
              account, e.hold(), e.entry(), amount(e.amount()), amount(e.balance()));
      case AccountEvent.MoneyReturned e ->
          new AccountV1.MoneyReturned(account, e.entry(), amount(e.amount()), amount(e.balance()));
      case AccountEvent.InterestBooked e ->
          new AccountV1.InterestBooked(
              account, e.entry(), e.period(), amount(e.amount()), amount(e.balance()));
      case AccountEvent.FeeBooked e ->
          new AccountV1.FeeBooked(
              account, e.entry(), e.period(), amount(e.amount()), amount(e.balance()));
      case AccountEvent.TransferSent e ->
          new AccountV1.TransferSent(
              account,
              e.transfer(),
              e.entry(),
              e.to().uuid(),
              amount(e.amount()),
              amount(e.balance()));
      case AccountEvent.TransferReceived e ->
          new AccountV1.TransferReceived(
              account,
              e.transfer(),
              e.entry(),
              e.from().uuid(),
              amount(e.amount()),
              amount(e.balance()));
      case AccountEvent.AccountFrozen _ -> new AccountV1.Frozen(account);
      case AccountEvent.AccountUnfrozen _ -> new AccountV1.Unfrozen(account);
      case AccountEvent.OverdraftLimitChanged e ->
          new AccountV1.OverdraftLimitChanged(account, amount(e.overdraftLimit()));
      case AccountEvent.AccountClosed _ -> new AccountV1.Closed(account);
    };
  }

  private static @Nullable IntegrationEvent payment(PaymentEvent event) {
    var payment = event.payment().uuid();
    return switch (event) {
      case PaymentEvent.PaymentRequested e ->
          new PaymentV1.Requested(payment, e.terms().from().uuid(), amount(e.terms().amount()));
      case PaymentEvent.PaymentSubmitted _ -> new PaymentV1.Submitted(payment);
      case PaymentEvent.PaymentSettled _ -> new PaymentV1.Settled(payment);
      case PaymentEvent.PaymentRejected _ -> new PaymentV1.Rejected(payment);
      case PaymentEvent.PaymentReturned _ -> new PaymentV1.Returned(payment);
      // internal steps and failures
      case PaymentEvent.MoneyHeld _,
          PaymentEvent.OutcomeReported _,
          PaymentEvent.ReturnAnnounced _,
          PaymentEvent.AttentionNeeded _,
          PaymentEvent.RetryRequested _,
          PaymentEvent.AttentionEnded _ ->
          NOT_PUBLISHED;
    };
  }

  private static @Nullable IntegrationEvent order(OrderEvent event) {
    var order = event.order().uuid();
    return switch (event) {
      case OrderEvent.OrderPlaced e ->
          new OrderV1.Placed(
              order,
              e.account().uuid(),
              e.lines().stream().map(IntegrationEventMapper::line).toList(),
              amount(e.total()));
      case OrderEvent.OrderConfirmed _ -> new OrderV1.Confirmed(order);
      case OrderEvent.ItemsShipped _ -> new OrderV1.Shipped(order);
      case OrderEvent.OrderCancelled _ -> new OrderV1.Cancelled(order);
      // internal steps and failures
      case OrderEvent.OrderPaid _,
          OrderEvent.ItemsReserved _,
          OrderEvent.ShippingScheduled _,
          OrderEvent.PaymentCaptured _,
          OrderEvent.CompensationBegan _,
          OrderEvent.StepUndone _,
          OrderEvent.AttentionNeeded _,
          OrderEvent.RetryRequested _,
          OrderEvent.StepSettledByHand _ ->
          NOT_PUBLISHED;
    };
  }

  private static @Nullable IntegrationEvent product(InventoryEvent event) {
    var product = event.item().uuid();
    return switch (event) {
      case InventoryEvent.ProductRegistered e ->
          new ProductV1.Registered(product, e.sku().value(), e.name(), amount(e.price()));
      case InventoryEvent.StockAdded e ->
          new ProductV1.StockAdded(product, e.quantity(), e.onHand());
      case InventoryEvent.StockReserved e ->
          new ProductV1.StockReserved(product, e.quantity(), e.reserved());
      case InventoryEvent.StockReleased e ->
          e.quantity() == 0 // nothing was reserved
              ? NOT_PUBLISHED
              : new ProductV1.StockReleased(product, e.quantity(), e.reserved());
      case InventoryEvent.StockShipped e ->
          new ProductV1.StockShipped(product, e.quantity(), e.onHand(), e.reserved());
    };
  }

  private static @Nullable IntegrationEvent shipment(ShipmentEvent event) {
    var shipment = event.shipment().uuid();
    return switch (event) {
      case ShipmentEvent.ShipmentRequested e -> new ShipmentV1.Requested(shipment, e.reference());
      case ShipmentEvent.ShipmentScheduled e -> new ShipmentV1.Scheduled(shipment, e.reference());
      case ShipmentEvent.ShipmentRefused e -> new ShipmentV1.Refused(shipment, e.reference());
      case ShipmentEvent.ShipmentCancelled e -> new ShipmentV1.Cancelled(shipment, e.reference());
      // internal to the dealings with the carrier
      case ShipmentEvent.CarrierFailed _,
          ShipmentEvent.CancellationRequested _,
          ShipmentEvent.CancellationRefused _ ->
          NOT_PUBLISHED;
    };
  }

  private static OrderV1.Line line(OrderLine line) {
    return new OrderV1.Line(line.sku().value(), line.quantity(), amount(line.unitPrice()));
  }

  private static AmountV1 amount(Money money) {
    return new AmountV1(money.amount(), money.currency().getCurrencyCode());
  }
}
