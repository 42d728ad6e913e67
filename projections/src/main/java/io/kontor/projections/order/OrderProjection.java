package io.kontor.projections.order;

import static io.kontor.projections.tables.Tables.CUSTOMER_ORDER;
import static io.kontor.projections.tables.Tables.ORDER_HAPPENING;
import static io.kontor.projections.tables.Tables.ORDER_LINE;

import io.kontor.api.order.OrderDetails.PaymentStatus;
import io.kontor.api.order.OrderDetails.ReservationStatus;
import io.kontor.api.order.OrderDetails.ShipmentStatus;
import io.kontor.api.order.OrderEvent;
import io.kontor.api.order.OrderEvent.AttentionNeeded;
import io.kontor.api.order.OrderEvent.CompensationBegan;
import io.kontor.api.order.OrderEvent.ItemsReserved;
import io.kontor.api.order.OrderEvent.ItemsShipped;
import io.kontor.api.order.OrderEvent.OrderCancelled;
import io.kontor.api.order.OrderEvent.OrderConfirmed;
import io.kontor.api.order.OrderEvent.OrderPaid;
import io.kontor.api.order.OrderEvent.OrderPlaced;
import io.kontor.api.order.OrderEvent.PaymentCaptured;
import io.kontor.api.order.OrderEvent.RetryRequested;
import io.kontor.api.order.OrderEvent.ShippingScheduled;
import io.kontor.api.order.OrderEvent.StepSettledByHand;
import io.kontor.api.order.OrderEvent.StepUndone;
import io.kontor.api.order.OrderLine;
import io.kontor.api.order.OrderStatus;
import io.kontor.api.order.OrderStep;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChange;
import io.kontor.projection.RowChanges;
import java.util.List;
import org.jooq.Table;

/** One row per order with its current state, one per line, and one per timeline entry. */
public final class OrderProjection implements Projection<OrderEvent> {
  /** The projection's name. */
  public static final String NAME = "orders";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<OrderEvent> events() {
    return OrderEvent.class;
  }

  @Override
  public List<Table<?>> tables() {
    return List.of(CUSTOMER_ORDER, ORDER_LINE, ORDER_HAPPENING);
  }

  @Override
  public void project(OrderEvent event, EventContext recorded, RowChanges changes) {
    OrderTimelineEntry.add(event, recorded, changes);
    RowChange order =
        event instanceof OrderPlaced placed
            ? place(placed, recorded, changes)
            : changes.update(CUSTOMER_ORDER, event.order().uuid());
    order.set(CUSTOMER_ORDER.VERSION, recorded.version());
    switch (event) {
      case OrderPlaced _ -> status(order, OrderStatus.PLACED);
      case OrderPaid _ -> payment(status(order, OrderStatus.PAID), PaymentStatus.HELD);
      case ItemsReserved _ ->
          reservation(status(order, OrderStatus.RESERVED), ReservationStatus.RESERVED);
      case ShippingScheduled scheduled ->
          shipment(status(order, OrderStatus.SHIPPING), ShipmentStatus.SCHEDULED)
              .set(CUSTOMER_ORDER.TRACKING, scheduled.tracking());
      case PaymentCaptured _ -> payment(order, PaymentStatus.CAPTURED);
      case OrderConfirmed _ -> status(order, OrderStatus.CONFIRMED);
      case ItemsShipped _ ->
          reservation(status(order, OrderStatus.CONFIRMED), ReservationStatus.SHIPPED);
      case CompensationBegan _ -> status(order, OrderStatus.COMPENSATING);
      case StepUndone undone -> undo(status(order, OrderStatus.COMPENSATING), undone);
      case OrderCancelled _ -> status(order, OrderStatus.CANCELLED);
      case AttentionNeeded _ -> status(order, OrderStatus.NEEDS_ATTENTION);
      case RetryRequested retried -> resumed(order, retried);
      case StepSettledByHand _ -> status(order, OrderStatus.COMPENSATING);
    }
  }

  private static RowChange place(OrderPlaced placed, EventContext recorded, RowChanges changes) {
    int line = 0;
    for (OrderLine ordered : placed.lines()) {
      changes
          .insert(ORDER_LINE, placed.order().uuid(), ++line)
          .set(ORDER_LINE.SKU, ordered.sku().value())
          .set(ORDER_LINE.QUANTITY, ordered.quantity())
          .set(ORDER_LINE.UNIT_PRICE, ordered.unitPrice().minorUnits());
    }
    return changes
        .insert(CUSTOMER_ORDER, placed.order().uuid())
        .set(CUSTOMER_ORDER.ACCOUNT_ID, placed.account().uuid())
        .set(CUSTOMER_ORDER.CUSTOMER, placed.customer())
        .set(CUSTOMER_ORDER.TOTAL, placed.total().minorUnits())
        .set(CUSTOMER_ORDER.CURRENCY, placed.total().currency().getCurrencyCode())
        .set(CUSTOMER_ORDER.HOLD_ID, placed.references().hold())
        .set(CUSTOMER_ORDER.PAYMENT_STATUS, PaymentStatus.NONE.name())
        .set(CUSTOMER_ORDER.RESERVATION_STATUS, ReservationStatus.NONE.name())
        .set(CUSTOMER_ORDER.SHIPMENT_ID, placed.references().shipment())
        .set(CUSTOMER_ORDER.SHIPMENT_STATUS, ShipmentStatus.NONE.name())
        .set(CUSTOMER_ORDER.PLACED_AT, recorded.recordedAt());
  }

  private static void undo(RowChange order, StepUndone undone) {
    if (undone.hadBeenDone()) {
      switch (undone.step()) {
        case PAYMENT -> payment(order, PaymentStatus.RELEASED);
        case RESERVATION -> reservation(order, ReservationStatus.RELEASED);
        case SHIPPING -> shipment(order, ShipmentStatus.CANCELLED);
        case CAPTURE -> payment(order, PaymentStatus.REFUNDED);
        case CONFIRMATION, HANDOVER -> {
          // are not compensated
        }
      }
    }
  }

  private static void resumed(RowChange order, RetryRequested retried) {
    OrderStep step = retried.step();
    if (step != null) {
      status(order, step == OrderStep.HANDOVER ? OrderStatus.CONFIRMED : OrderStatus.COMPENSATING);
    }
  }

  private static RowChange status(RowChange order, OrderStatus status) {
    return order.set(CUSTOMER_ORDER.STATUS, status.name());
  }

  private static RowChange payment(RowChange order, PaymentStatus state) {
    return order.set(CUSTOMER_ORDER.PAYMENT_STATUS, state.name());
  }

  private static RowChange reservation(RowChange order, ReservationStatus state) {
    return order.set(CUSTOMER_ORDER.RESERVATION_STATUS, state.name());
  }

  private static RowChange shipment(RowChange order, ShipmentStatus state) {
    return order.set(CUSTOMER_ORDER.SHIPMENT_STATUS, state.name());
  }
}
