package io.kontor.api.integration;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The types of published events. Consumers rely on them: a type is never renamed or reused; an
 * incompatible change gets a new version beside the old one.
 */
public final class IntegrationEventTypes {
  private static final Map<Class<? extends IntegrationEvent>, String> TYPES =
      Map.ofEntries(
          entry(AccountV1.Opened.class, "io.kontor.account.opened.v1"),
          entry(AccountV1.Deposited.class, "io.kontor.account.deposited.v1"),
          entry(AccountV1.Withdrawn.class, "io.kontor.account.withdrawn.v1"),
          entry(AccountV1.HoldPlaced.class, "io.kontor.account.hold-placed.v1"),
          entry(AccountV1.HoldCaptured.class, "io.kontor.account.hold-captured.v1"),
          entry(AccountV1.HoldReleased.class, "io.kontor.account.hold-released.v1"),
          entry(AccountV1.CaptureRefunded.class, "io.kontor.account.capture-refunded.v1"),
          entry(AccountV1.MoneyReturned.class, "io.kontor.account.money-returned.v1"),
          entry(AccountV1.InterestBooked.class, "io.kontor.account.interest-booked.v1"),
          entry(AccountV1.FeeBooked.class, "io.kontor.account.fee-booked.v1"),
          entry(AccountV1.TransferSent.class, "io.kontor.account.transfer-sent.v1"),
          entry(AccountV1.TransferReceived.class, "io.kontor.account.transfer-received.v1"),
          entry(AccountV1.Frozen.class, "io.kontor.account.frozen.v1"),
          entry(AccountV1.Unfrozen.class, "io.kontor.account.unfrozen.v1"),
          entry(
              AccountV1.OverdraftLimitChanged.class,
              "io.kontor.account.overdraft-limit-changed.v1"),
          entry(AccountV1.Closed.class, "io.kontor.account.closed.v1"),
          entry(PaymentV1.Requested.class, "io.kontor.payment.requested.v1"),
          entry(PaymentV1.Submitted.class, "io.kontor.payment.submitted.v1"),
          entry(PaymentV1.Settled.class, "io.kontor.payment.settled.v1"),
          entry(PaymentV1.Rejected.class, "io.kontor.payment.rejected.v1"),
          entry(PaymentV1.Returned.class, "io.kontor.payment.returned.v1"),
          entry(OrderV1.Placed.class, "io.kontor.order.placed.v1"),
          entry(OrderV1.Confirmed.class, "io.kontor.order.confirmed.v1"),
          entry(OrderV1.Shipped.class, "io.kontor.order.shipped.v1"),
          entry(OrderV1.Cancelled.class, "io.kontor.order.cancelled.v1"),
          entry(ProductV1.Registered.class, "io.kontor.product.registered.v1"),
          entry(ProductV1.StockAdded.class, "io.kontor.product.stock-added.v1"),
          entry(ProductV1.StockReserved.class, "io.kontor.product.stock-reserved.v1"),
          entry(ProductV1.StockReleased.class, "io.kontor.product.stock-released.v1"),
          entry(ProductV1.StockShipped.class, "io.kontor.product.stock-shipped.v1"),
          entry(ShipmentV1.Requested.class, "io.kontor.shipment.requested.v1"),
          entry(ShipmentV1.Scheduled.class, "io.kontor.shipment.scheduled.v1"),
          entry(ShipmentV1.Refused.class, "io.kontor.shipment.refused.v1"),
          entry(ShipmentV1.Cancelled.class, "io.kontor.shipment.cancelled.v1"));

  private IntegrationEventTypes() {}

  /** Every published class with its type. */
  public static Map<Class<? extends IntegrationEvent>, String> types() {
    return TYPES;
  }

  /** Every topic, without a prefix. */
  public static List<String> topics() {
    return List.of(
        AccountV1.TOPIC, PaymentV1.TOPIC, OrderV1.TOPIC, ProductV1.TOPIC, ShipmentV1.TOPIC);
  }

  public static String typeOf(IntegrationEvent event) {
    return Objects.requireNonNull(TYPES.get(event.getClass()), "an event without a type");
  }
}
