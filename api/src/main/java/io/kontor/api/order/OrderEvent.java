package io.kontor.api.order;

import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of an order: forward step by step, or compensation. */
public sealed interface OrderEvent {
  OrderId order();

  record OrderPlaced(
      OrderId order,
      AccountId account,
      String customer,
      List<OrderLine> lines,
      Money total,
      SealedText shippingAddress,
      OrderReferences references)
      implements OrderEvent {}

  /** The total is held on the account. */
  record OrderPaid(OrderId order) implements OrderEvent {}

  record ItemsReserved(OrderId order) implements OrderEvent {}

  record ShippingScheduled(OrderId order, String tracking) implements OrderEvent {}

  record PaymentCaptured(OrderId order) implements OrderEvent {}

  record OrderConfirmed(OrderId order) implements OrderEvent {}

  /** The last event of a completed order. */
  record ItemsShipped(OrderId order) implements OrderEvent {}

  /**
   * Compensation began.
   *
   * @param failed the step that failed; null when a person asked for the cancellation
   */
  record CompensationBegan(OrderId order, @Nullable OrderStep failed, String reason)
      implements OrderEvent {}

  /**
   * @param hadBeenDone whether the step had been done before
   */
  record StepUndone(OrderId order, OrderStep step, boolean hadBeenDone) implements OrderEvent {}

  record OrderCancelled(OrderId order, String reason) implements OrderEvent {}

  /** The step can't be done or undone; an operator has to decide. */
  record AttentionNeeded(OrderId order, OrderStep step, String error) implements OrderEvent {}

  /**
   * @param reason null when none was given
   */
  record RetryRequested(OrderId order, @Nullable OrderStep step, @Nullable String reason)
      implements OrderEvent {}

  /**
   * An operator settled the step that could not be undone.
   *
   * @param reason null when none was given
   */
  record StepSettledByHand(OrderId order, OrderStep step, @Nullable String reason)
      implements OrderEvent {}
}
