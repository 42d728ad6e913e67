package io.kontor.api.order;

import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can happen to an order: forward step by step, or back. */
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

  /** The last: there is nothing more to do. */
  record ItemsShipped(OrderId order) implements OrderEvent {}

  /**
   * The way back began.
   *
   * @param failed the step that could not be done; null when somebody asked for it
   */
  record CompensationBegan(OrderId order, @Nullable OrderStep failed, String reason)
      implements OrderEvent {}

  /**
   * @param hadBeenDone whether there was anything to undo
   */
  record StepUndone(OrderId order, OrderStep step, boolean hadBeenDone) implements OrderEvent {}

  record OrderCancelled(OrderId order, String reason) implements OrderEvent {}

  /** Somebody has to look: this step can't be done or undone. */
  record AttentionNeeded(OrderId order, OrderStep step, String error) implements OrderEvent {}

  record RetryRequested(OrderId order, @Nullable OrderStep step) implements OrderEvent {}

  /** A person took care of what could not be undone. */
  record StepSettledByHand(OrderId order, OrderStep step) implements OrderEvent {}
}
