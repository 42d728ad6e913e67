package io.kontor.notifications.rule;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderId;
import io.kontor.api.payment.PaymentId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a notification is about: ids and amounts. Names and free text are read where they are kept,
 * since there they are forgotten with the person.
 *
 * @param amount that was moved, held, paid or ordered
 * @param balance after the event
 * @param threshold that the balance has crossed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NotificationData(
    UUID account,
    @Nullable Money amount,
    @Nullable Money balance,
    @Nullable Money threshold,
    @Nullable UUID transfer,
    @Nullable UUID hold,
    @Nullable UUID payment,
    @Nullable UUID order) {

  static NotificationData booked(AccountId account, Money amount, Money balance) {
    return new NotificationData(account.uuid(), amount, balance, null, null, null, null, null);
  }

  static NotificationData transferred(
      AccountId account, Money amount, Money balance, UUID transfer) {
    return new NotificationData(account.uuid(), amount, balance, null, transfer, null, null, null);
  }

  static NotificationData released(AccountId account, Money amount, UUID hold) {
    return new NotificationData(account.uuid(), amount, null, null, null, hold, null, null);
  }

  static NotificationData paid(Origin origin, PaymentId payment) {
    return new NotificationData(
        origin.account().uuid(), origin.amount(), null, null, null, null, payment.uuid(), null);
  }

  static NotificationData ordered(Origin origin, OrderId order) {
    return new NotificationData(
        origin.account().uuid(), origin.amount(), null, null, null, null, null, order.uuid());
  }

  static NotificationData crossed(UUID account, Money balance, Money threshold) {
    return new NotificationData(account, null, balance, threshold, null, null, null, null);
  }
}
