package io.kontor.api.payment;

/** What a payment waits for. */
public enum PaymentStage {
  /** For its money to be held. */
  REQUESTED(PaymentStatus.REQUESTED),
  /** For the clearing house to take it. */
  HELD(PaymentStatus.REQUESTED),
  /** For the clearing house to tell what became of it. */
  SUBMITTED(PaymentStatus.SUBMITTED),
  /** For its money to be booked out. */
  SETTLING(PaymentStatus.SUBMITTED),
  /** For its money to be let go of. */
  REJECTING(PaymentStatus.SUBMITTED),
  /** For its money to be booked back. */
  RETURNING(PaymentStatus.SETTLED),
  /** For nothing, though it may come back. */
  SETTLED(PaymentStatus.SETTLED),
  /** For nothing. */
  REJECTED(PaymentStatus.REJECTED),
  /** For nothing. */
  RETURNED(PaymentStatus.RETURNED);

  private final PaymentStatus status;

  PaymentStage(PaymentStatus status) {
    this.status = status;
  }

  /** The status that goes with it. */
  public PaymentStatus status() {
    return status;
  }
}
