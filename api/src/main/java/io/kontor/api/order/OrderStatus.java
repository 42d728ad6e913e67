package io.kontor.api.order;

/** Where an order is in its life. */
public enum OrderStatus {
  PLACED,
  PAID,
  RESERVED,
  SHIPPING,
  CONFIRMED,
  /** What was done is being undone. */
  COMPENSATING,
  CANCELLED,
  /** It stopped, and goes on when a person says how. */
  NEEDS_ATTENTION;

  /** Whether nothing more happens by itself. */
  public boolean isAtRest() {
    return this == CONFIRMED || this == CANCELLED || this == NEEDS_ATTENTION;
  }
}
