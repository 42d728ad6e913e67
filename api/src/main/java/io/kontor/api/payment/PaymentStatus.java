package io.kontor.api.payment;

/** How far a payment is, as its payer sees it. In the last three, its money is where it belongs. */
public enum PaymentStatus {
  REQUESTED,
  SUBMITTED,
  SETTLED,
  RETURNED,
  REJECTED;

  /** Whether nothing more happens to it by itself, unless it comes back. */
  public boolean isAtRest() {
    return this != REQUESTED && this != SUBMITTED;
  }
}
