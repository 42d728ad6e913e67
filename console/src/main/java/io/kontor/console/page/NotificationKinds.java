package io.kontor.console.page;

import java.util.List;

/** The kinds of notifications in the API, in the order in which people choose among them. */
public final class NotificationKinds {
  public static final List<String> ALL =
      List.of(
          "MONEY_IN",
          "MONEY_OUT",
          "TRANSFER_RECEIVED",
          "HOLD_EXPIRED",
          "BALANCE_BELOW",
          "BALANCE_ABOVE",
          "PAYMENT_SETTLED",
          "PAYMENT_REJECTED",
          "PAYMENT_RETURNED",
          "PAYMENT_WAITING",
          "STANDING_ORDER_FAILED",
          "STATEMENT_READY",
          "ORDER_CONFIRMED",
          "ORDER_SHIPPED",
          "ORDER_CANCELLED",
          "ORDER_WAITING",
          "JOB_DEAD",
          "PROJECTION_FAILED",
          "WEBHOOK_OFF");

  private NotificationKinds() {}
}
