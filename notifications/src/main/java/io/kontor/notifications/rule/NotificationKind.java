package io.kontor.notifications.rule;

/** What a user is notified of. The names are stored and part of the API. */
public enum NotificationKind {
  MONEY_IN,
  MONEY_OUT,
  TRANSFER_RECEIVED,
  HOLD_EXPIRED,
  BALANCE_BELOW,
  BALANCE_ABOVE,
  PAYMENT_SETTLED,
  PAYMENT_REJECTED,
  PAYMENT_RETURNED,
  /** It can't go on before a person of the bank has decided. */
  PAYMENT_WAITING,
  /** A due date was not executed; the order goes on with the next one, if there is one. */
  STANDING_ORDER_FAILED,
  STATEMENT_READY,
  ORDER_CONFIRMED,
  ORDER_SHIPPED,
  ORDER_CANCELLED,
  /** It can't go on before a person of the bank has decided. */
  ORDER_WAITING,
  /** A job has failed as often as it may, and waits for a person. */
  JOB_DEAD,
  /** A read model could not take an event, the first one of the tenant's that waits there. */
  PROJECTION_FAILED,
  /** A webhook took nothing for days, and is not called any more. */
  WEBHOOK_OFF
}
