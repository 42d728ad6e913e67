package io.kontor.api.order;

/** The status of an order. */
public enum OrderStatus {
  PLACED,
  PAID,
  RESERVED,
  SHIPPING,
  CONFIRMED,
  /** Completed steps are being undone. */
  COMPENSATING,
  CANCELLED,
  /** It waits for an operator's decision. */
  NEEDS_ATTENTION;

  /** Whether nothing more happens without a new command from outside. */
  public boolean isAtRest() {
    return this == CONFIRMED || this == CANCELLED || this == NEEDS_ATTENTION;
  }
}
