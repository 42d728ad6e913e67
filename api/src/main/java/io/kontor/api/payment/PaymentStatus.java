package io.kontor.api.payment;

/** The status of a payment as the payer sees it. In the last three, all bookings are done. */
public enum PaymentStatus {
  REQUESTED,
  SUBMITTED,
  SETTLED,
  RETURNED,
  REJECTED;

  /** Whether nothing more happens without a new command or a return. */
  public boolean isAtRest() {
    return this != REQUESTED && this != SUBMITTED;
  }
}
