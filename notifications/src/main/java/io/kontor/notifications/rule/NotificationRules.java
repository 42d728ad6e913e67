package io.kontor.notifications.rule;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.order.OrderEvent;
import io.kontor.api.payment.PaymentEvent;
import io.kontor.api.standingorder.StandingOrderEvent;
import io.kontor.tenancy.StreamId;
import io.kontor.web.security.Role;
import org.jspecify.annotations.Nullable;

/** Which event notifies of what. The user is the customer of the event's {@link Origin}. */
public final class NotificationRules {
  private static final @Nullable NotificationKind NONE = null;

  private NotificationRules() {}

  /** What an event notifies of; null for nothing. Lists all events of the streams that notify. */
  public static @Nullable NotificationKind kind(Object event) {
    return switch (event) {
      case AccountEvent account -> kind(account);
      case PaymentEvent payment -> kind(payment);
      case OrderEvent order -> kind(order);
      case StandingOrderEvent standingOrder -> kind(standingOrder);
      default -> NONE;
    };
  }

  private static @Nullable NotificationKind kind(AccountEvent event) {
    return switch (event) {
      case AccountEvent.MoneyDeposited _,
          AccountEvent.CaptureRefunded _,
          AccountEvent.MoneyReturned _ ->
          NotificationKind.MONEY_IN;
      case AccountEvent.MoneyWithdrawn _,
          AccountEvent.HoldCaptured _,
          AccountEvent.TransferSent _ ->
          NotificationKind.MONEY_OUT;
      case AccountEvent.TransferReceived _ -> NotificationKind.TRANSFER_RECEIVED;
      case AccountEvent.InterestBooked interest ->
          interest.amount().isNegative() ? NotificationKind.MONEY_OUT : NotificationKind.MONEY_IN;
      case AccountEvent.FeeBooked _ -> NotificationKind.MONEY_OUT;
      case AccountEvent.HoldReleased released ->
          released.reason() == HoldReleaseReason.EXPIRED && released.amount().isPositive()
              ? NotificationKind.HOLD_EXPIRED
              : NONE;
      case AccountEvent.AccountOpened _,
          AccountEvent.HoldPlaced _,
          AccountEvent.AccountFrozen _,
          AccountEvent.AccountUnfrozen _,
          AccountEvent.OverdraftLimitChanged _,
          AccountEvent.AccountClosed _ ->
          NONE;
    };
  }

  private static @Nullable NotificationKind kind(PaymentEvent event) {
    return switch (event) {
      case PaymentEvent.PaymentSettled _ -> NotificationKind.PAYMENT_SETTLED;
      case PaymentEvent.PaymentRejected _ -> NotificationKind.PAYMENT_REJECTED;
      case PaymentEvent.PaymentReturned _ -> NotificationKind.PAYMENT_RETURNED;
      case PaymentEvent.AttentionNeeded _ -> NotificationKind.PAYMENT_WAITING;
      case PaymentEvent.PaymentRequested _,
          PaymentEvent.MoneyHeld _,
          PaymentEvent.PaymentSubmitted _,
          PaymentEvent.OutcomeReported _,
          PaymentEvent.ReturnAnnounced _,
          PaymentEvent.RetryRequested _,
          PaymentEvent.AttentionEnded _ ->
          NONE;
    };
  }

  private static @Nullable NotificationKind kind(OrderEvent event) {
    return switch (event) {
      case OrderEvent.OrderConfirmed _ -> NotificationKind.ORDER_CONFIRMED;
      case OrderEvent.ItemsShipped _ -> NotificationKind.ORDER_SHIPPED;
      case OrderEvent.OrderCancelled _ -> NotificationKind.ORDER_CANCELLED;
      case OrderEvent.AttentionNeeded _ -> NotificationKind.ORDER_WAITING;
      case OrderEvent.OrderPlaced _,
          OrderEvent.OrderPaid _,
          OrderEvent.ItemsReserved _,
          OrderEvent.ShippingScheduled _,
          OrderEvent.PaymentCaptured _,
          OrderEvent.CompensationBegan _,
          OrderEvent.StepUndone _,
          OrderEvent.RetryRequested _,
          OrderEvent.StepSettledByHand _ ->
          NONE;
    };
  }

  private static @Nullable NotificationKind kind(StandingOrderEvent event) {
    return switch (event) {
      case StandingOrderEvent.ExecutionFailed _ -> NotificationKind.STANDING_ORDER_FAILED;
      case StandingOrderEvent.StandingOrderCreated _,
          StandingOrderEvent.StandingOrderExecuted _,
          StandingOrderEvent.ExecutionPostponed _,
          StandingOrderEvent.StandingOrderPaused _,
          StandingOrderEvent.StandingOrderResumed _,
          StandingOrderEvent.StandingOrderCancelled _ ->
          NONE;
    };
  }

  /** Whom of the bank's staff a notification is for, too; null if it is for no one of them. */
  public static @Nullable Role staff(NotificationKind kind) {
    return switch (kind) {
      case PAYMENT_WAITING -> Role.TELLER;
      case ORDER_WAITING, JOB_DEAD, PROJECTION_FAILED, WEBHOOK_OFF -> Role.ADMIN;
      case MONEY_IN,
          MONEY_OUT,
          TRANSFER_RECEIVED,
          HOLD_EXPIRED,
          BALANCE_BELOW,
          BALANCE_ABOVE,
          PAYMENT_SETTLED,
          PAYMENT_REJECTED,
          PAYMENT_RETURNED,
          STANDING_ORDER_FAILED,
          STATEMENT_READY,
          ORDER_CONFIRMED,
          ORDER_SHIPPED,
          ORDER_CANCELLED ->
          null;
    };
  }

  /** The stream that an event with a kind belongs to. */
  public static StreamId stream(Object event) {
    return switch (event) {
      case AccountEvent e -> new StreamId(e.account().tenant(), e.account().uuid());
      case PaymentEvent e -> new StreamId(e.payment().tenant(), e.payment().uuid());
      case OrderEvent e -> new StreamId(e.order().tenant(), e.order().uuid());
      case StandingOrderEvent e -> new StreamId(e.order().tenant(), e.order().uuid());
      default -> throw notNotifying(event);
    };
  }

  /** What a notification of an event with a kind is about. */
  public static NotificationData data(Object event, Origin origin) {
    return switch (event) {
      case AccountEvent.MoneyDeposited e ->
          NotificationData.booked(e.account(), e.amount(), e.balance());
      case AccountEvent.CaptureRefunded e ->
          NotificationData.booked(e.account(), e.amount(), e.balance());
      case AccountEvent.MoneyReturned e ->
          NotificationData.booked(e.account(), e.amount(), e.balance());
      case AccountEvent.InterestBooked e ->
          NotificationData.booked(
              e.account(),
              e.amount().isNegative() ? e.amount().times(-1) : e.amount(),
              e.balance());
      case AccountEvent.FeeBooked e ->
          NotificationData.booked(e.account(), e.amount(), e.balance());
      case AccountEvent.MoneyWithdrawn e ->
          NotificationData.booked(e.account(), e.amount(), e.balance());
      case AccountEvent.HoldCaptured e ->
          NotificationData.booked(e.account(), e.amount(), e.balance());
      case AccountEvent.TransferSent e ->
          NotificationData.transferred(e.account(), e.amount(), e.balance(), e.transfer());
      case AccountEvent.TransferReceived e ->
          NotificationData.transferred(e.account(), e.amount(), e.balance(), e.transfer());
      case AccountEvent.HoldReleased e ->
          NotificationData.released(e.account(), e.amount(), e.hold());
      case PaymentEvent e -> NotificationData.paid(origin, e.payment());
      case OrderEvent e -> NotificationData.ordered(origin, e.order());
      case StandingOrderEvent e -> NotificationData.standing(origin, e.order());
      default -> throw notNotifying(event);
    };
  }

  private static IllegalArgumentException notNotifying(Object event) {
    return new IllegalArgumentException("notifies of nothing: " + event.getClass().getName());
  }
}
