package io.kontor.api.order;

import io.kontor.api.account.AccountId;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be asked of an order. What the process tells it may be told twice. */
public sealed interface OrderCommand {
  /** The most lines an order has. */
  int MOST_LINES = 50;

  OrderId order();

  /**
   * @param customer who owns the account
   * @param shippingAddress an {@link io.kontor.api.shipment.PostalAddress}, sealed with the key of
   *     {@code customer}
   * @param lines each SKU once, all priced in the account's currency
   */
  record PlaceOrder(
      @TargetAggregateIdentifier OrderId order,
      AccountId account,
      String customer,
      List<OrderLine> lines,
      SealedText shippingAddress,
      OrderReferences references)
      implements OrderCommand {
    public PlaceOrder {
      lines = List.copyOf(lines);
      Validation.that(
          !lines.isEmpty() && lines.size() <= MOST_LINES,
          "items: must be 1 to %d".formatted(MOST_LINES));
      Validation.that(
          lines.stream().map(OrderLine::sku).distinct().count() == lines.size(),
          "items: must name each SKU once");
    }

    /**
     * @throws ArithmeticException when it does not fit 64 bits of minor units
     */
    public Money total() {
      return lines.stream().map(OrderLine::total).reduce(Money::plus).orElseThrow();
    }
  }

  /**
   * Asks for the way back; refused once the order is confirmed.
   *
   * @param onBehalfOf the customer who asks, whose order it must be; null when the staff asks
   */
  record CancelOrder(
      @TargetAggregateIdentifier OrderId order, String reason, @Nullable String onBehalfOf)
      implements OrderCommand {
    public CancelOrder {
      Validation.carriedText("reason", reason);
    }
  }

  /**
   * A step is done, told by the process.
   *
   * @param detail what there is to know about it, such as a tracking number
   */
  record RecordStep(
      @TargetAggregateIdentifier OrderId order, OrderStep step, @Nullable String detail)
      implements OrderCommand {}

  /** Decides that there is no way back. */
  record ConfirmOrder(@TargetAggregateIdentifier OrderId order) implements OrderCommand {}

  /** A step can't be done, told by the process: what was done is undone. */
  record AbandonOrder(@TargetAggregateIdentifier OrderId order, OrderStep step, String reason)
      implements OrderCommand {}

  /** A step is undone, told by the process. */
  record RecordUndo(@TargetAggregateIdentifier OrderId order, OrderStep step)
      implements OrderCommand {}

  /** All is undone, told by the process. */
  record CloseOrder(@TargetAggregateIdentifier OrderId order) implements OrderCommand {}

  /** The process can't go on by itself. */
  record AskForAttention(@TargetAggregateIdentifier OrderId order, OrderStep step, String error)
      implements OrderCommand {}

  /** A person wants what failed to be tried again. */
  record RetryOrder(@TargetAggregateIdentifier OrderId order) implements OrderCommand {}

  /**
   * A person wants everything undone. A step that could not be undone counts as settled by that
   * person.
   */
  record CompensateOrder(@TargetAggregateIdentifier OrderId order) implements OrderCommand {}
}
