package io.kontor.projections.order;

import static io.kontor.projections.tables.Tables.ORDER_HAPPENING;

import io.kontor.api.order.OrderDetails.Outcome;
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
import io.kontor.api.order.OrderStep;
import io.kontor.projection.EventContext;
import io.kontor.projection.RowChange;
import io.kontor.projection.RowChanges;
import org.jspecify.annotations.Nullable;

/**
 * An entry in an order's timeline, which the customer sees.
 *
 * @param step the step, or PLACEMENT, CANCELLATION or PROCESS for the whole order
 */
record OrderTimelineEntry(String step, Outcome outcome, @Nullable String detail) {
  private static final String PLACEMENT = "PLACEMENT";
  private static final String CANCELLATION = "CANCELLATION";
  private static final String PROCESS = "PROCESS";

  static void add(OrderEvent event, EventContext recorded, RowChanges changes) {
    OrderTimelineEntry entry = of(event);
    RowChange row =
        changes
            .insert(ORDER_HAPPENING, event.order().uuid(), recorded.version())
            .set(ORDER_HAPPENING.HAPPENED_AT, recorded.recordedAt())
            .set(ORDER_HAPPENING.STEP, entry.step())
            .set(ORDER_HAPPENING.OUTCOME, entry.outcome().name());
    if (entry.detail() != null) {
      row.set(ORDER_HAPPENING.DETAIL, entry.detail());
    }
  }

  private static OrderTimelineEntry of(OrderEvent event) {
    return switch (event) {
      case OrderPlaced _ -> new OrderTimelineEntry(PLACEMENT, Outcome.DONE, null);
      case OrderPaid _ -> of(OrderStep.PAYMENT, Outcome.DONE, null);
      case ItemsReserved _ -> of(OrderStep.RESERVATION, Outcome.DONE, null);
      case ShippingScheduled e -> of(OrderStep.SHIPPING, Outcome.DONE, "tracking " + e.tracking());
      case PaymentCaptured _ -> of(OrderStep.CAPTURE, Outcome.DONE, null);
      case OrderConfirmed _ -> of(OrderStep.CONFIRMATION, Outcome.DONE, null);
      case ItemsShipped _ -> of(OrderStep.HANDOVER, Outcome.DONE, null);
      case CompensationBegan e when e.failed() != null ->
          of(e.failed(), Outcome.FAILED, e.reason());
      case CompensationBegan e ->
          new OrderTimelineEntry(CANCELLATION, Outcome.REQUESTED, e.reason());
      case StepUndone e ->
          of(e.step(), Outcome.UNDONE, e.hadBeenDone() ? null : "there was nothing to undo");
      case OrderCancelled e -> new OrderTimelineEntry(CANCELLATION, Outcome.DONE, e.reason());
      case AttentionNeeded e -> of(e.step(), Outcome.NEEDS_ATTENTION, e.error());
      case RetryRequested e ->
          new OrderTimelineEntry(
              e.step() == null ? PROCESS : e.step().name(), Outcome.RETRIED, e.reason());
      case StepSettledByHand e -> of(e.step(), Outcome.SETTLED_BY_HAND, e.reason());
    };
  }

  private static OrderTimelineEntry of(OrderStep step, Outcome outcome, @Nullable String detail) {
    return new OrderTimelineEntry(step.name(), outcome, detail);
  }
}
