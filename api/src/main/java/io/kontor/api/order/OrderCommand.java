package io.kontor.api.order;

import io.kontor.api.account.AccountId;
import io.kontor.api.message.Validation;
import io.kontor.personaldata.SealedText;
import java.util.Currency;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands to an order. The commands that its process sends are idempotent. */
public sealed interface OrderCommand {
  /** The maximum number of lines. */
  int MOST_LINES = 50;

  OrderId order();

  /**
   * Rejected unless all lines are priced in the account's currency, and their total is an amount
   * that an account can hold.
   *
   * @param customer who owns the account
   * @param currency the account's currency
   * @param shippingAddress an {@link io.kontor.api.shipment.PostalAddress}, sealed with the key of
   *     {@code customer}
   * @param lines each SKU once, at its price now
   */
  record PlaceOrder(
      @TargetAggregateIdentifier OrderId order,
      AccountId account,
      String customer,
      Currency currency,
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
  }

  /**
   * Cancels the order; rejected once it is confirmed.
   *
   * @param onBehalfOf the customer who asks and must own the order; null for the bank's staff
   */
  record CancelOrder(
      @TargetAggregateIdentifier OrderId order, String reason, @Nullable String onBehalfOf)
      implements OrderCommand {
    public CancelOrder {
      Validation.carriedText("reason", reason);
    }
  }

  /**
   * The process reports that a step is done.
   *
   * @param detail an optional detail, such as a tracking number
   */
  record RecordStep(
      @TargetAggregateIdentifier OrderId order, OrderStep step, @Nullable String detail)
      implements OrderCommand {}

  /**
   * The process reports that the payment is captured: confirms the order in the same decision.
   * After that, it can't be cancelled.
   */
  record ConfirmOrder(@TargetAggregateIdentifier OrderId order) implements OrderCommand {}

  /** The process reports that a step can't be done; the completed steps are undone. */
  record AbandonOrder(@TargetAggregateIdentifier OrderId order, OrderStep step, String reason)
      implements OrderCommand {}

  /** The process reports that a step is undone. */
  record RecordUndo(@TargetAggregateIdentifier OrderId order, OrderStep step)
      implements OrderCommand {}

  /** The process reports that every step is undone. */
  record CloseOrder(@TargetAggregateIdentifier OrderId order) implements OrderCommand {}

  /** The process needs an operator's decision. */
  record FlagForManualReview(@TargetAggregateIdentifier OrderId order, OrderStep step, String error)
      implements OrderCommand {}

  /**
   * An operator asks to retry the failed step.
   *
   * @param reason null when none was given
   */
  record RetryOrder(@TargetAggregateIdentifier OrderId order, @Nullable String reason)
      implements OrderCommand {
    public RetryOrder {
      Validation.carriedTextOrNone("reason", reason);
    }
  }

  /**
   * An operator asks to undo everything. A step that could not be undone counts as settled by the
   * operator.
   *
   * @param reason null when none was given
   */
  record CompensateOrder(@TargetAggregateIdentifier OrderId order, @Nullable String reason)
      implements OrderCommand {
    public CompensateOrder {
      Validation.carriedTextOrNone("reason", reason);
    }
  }
}
