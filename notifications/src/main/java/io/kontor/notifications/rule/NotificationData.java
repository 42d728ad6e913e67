package io.kontor.notifications.rule;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderId;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.standingorder.StandingOrderId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a notification is about: ids and amounts. Names and free text are read where they are kept,
 * since there they are forgotten with the person.
 *
 * @param account null for what concerns the bank's staff alone
 * @param amount that was moved, held, paid or ordered
 * @param balance after the event
 * @param threshold that the balance has crossed
 * @param projection the name of a read model
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NotificationData(
    @Nullable UUID account,
    @Nullable Money amount,
    @Nullable Money balance,
    @Nullable Money threshold,
    @Nullable UUID transfer,
    @Nullable UUID hold,
    @Nullable UUID payment,
    @Nullable UUID order,
    @Nullable UUID standingOrder,
    @Nullable UUID statement,
    @Nullable UUID job,
    @Nullable UUID webhook,
    @Nullable String projection) {

  /** What it is about besides the account. */
  private enum About {
    NOTHING,
    TRANSFER,
    HOLD,
    PAYMENT,
    ORDER,
    STANDING_ORDER,
    STATEMENT,
    JOB,
    WEBHOOK;

    @Nullable UUID idIf(About other, @Nullable UUID id) {
      return this == other ? id : null;
    }
  }

  private NotificationData(
      @Nullable UUID account,
      @Nullable Money amount,
      @Nullable Money balance,
      @Nullable Money threshold,
      About about,
      @Nullable UUID id) {
    this(
        account,
        amount,
        balance,
        threshold,
        about.idIf(About.TRANSFER, id),
        about.idIf(About.HOLD, id),
        about.idIf(About.PAYMENT, id),
        about.idIf(About.ORDER, id),
        about.idIf(About.STANDING_ORDER, id),
        about.idIf(About.STATEMENT, id),
        about.idIf(About.JOB, id),
        about.idIf(About.WEBHOOK, id),
        null);
  }

  static NotificationData booked(AccountId account, Money amount, Money balance) {
    return new NotificationData(account.uuid(), amount, balance, null, About.NOTHING, null);
  }

  static NotificationData transferred(
      AccountId account, Money amount, Money balance, UUID transfer) {
    return new NotificationData(account.uuid(), amount, balance, null, About.TRANSFER, transfer);
  }

  static NotificationData released(AccountId account, Money amount, UUID hold) {
    return new NotificationData(account.uuid(), amount, null, null, About.HOLD, hold);
  }

  static NotificationData paid(Origin origin, PaymentId payment) {
    return of(origin, About.PAYMENT, payment.uuid());
  }

  static NotificationData ordered(Origin origin, OrderId order) {
    return of(origin, About.ORDER, order.uuid());
  }

  static NotificationData standing(Origin origin, StandingOrderId order) {
    return of(origin, About.STANDING_ORDER, order.uuid());
  }

  private static NotificationData of(Origin origin, About about, UUID id) {
    return new NotificationData(origin.account().uuid(), origin.amount(), null, null, about, id);
  }

  static NotificationData crossed(@Nullable UUID account, Money balance, Money threshold) {
    return new NotificationData(account, null, balance, threshold, About.NOTHING, null);
  }

  /** A document of an account. */
  public static NotificationData written(UUID account, UUID statement) {
    return new NotificationData(account, null, null, null, About.STATEMENT, statement);
  }

  /** A job that is dead. */
  public static NotificationData dead(UUID job) {
    return new NotificationData(null, null, null, null, About.JOB, job);
  }

  /** A webhook that was switched off. */
  public static NotificationData switchedOff(UUID webhook) {
    return new NotificationData(null, null, null, null, About.WEBHOOK, webhook);
  }

  /** A read model that could not take an event. */
  public static NotificationData failed(String projection) {
    return new NotificationData(
        null, null, null, null, null, null, null, null, null, null, null, null, projection);
  }
}
