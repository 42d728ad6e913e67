package io.kontor.notifications.rule;

import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderEvent.OrderPlaced;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderCreated;
import org.jspecify.annotations.Nullable;

/**
 * What a stream began with, which its later events don't repeat: whose it is, and how much it is
 * about.
 *
 * @param customer the user to notify
 * @param amount of the payment, the order or each due date; null for an account
 */
public record Origin(String customer, AccountId account, @Nullable Money amount) {
  /**
   * @throws IllegalArgumentException if it is not the first event of a stream that notifies
   */
  public static Origin of(Object first) {
    return switch (first) {
      case AccountOpened opened -> new Origin(opened.customer(), opened.account(), null);
      case PaymentRequested requested ->
          new Origin(requested.customer(), requested.terms().from(), requested.terms().amount());
      case StandingOrderCreated created ->
          new Origin(created.customer(), created.terms().from(), created.terms().amount());
      case OrderPlaced placed -> new Origin(placed.customer(), placed.account(), placed.total());
      default ->
          throw new IllegalArgumentException("no stream begins with " + first.getClass().getName());
    };
  }
}
