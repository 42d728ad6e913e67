package io.kontor.api.payment;

/** What a payment waits for. */
public enum PaymentStage {
  /** The hold on the account. */
  REQUESTED(PaymentStatus.REQUESTED),
  /** The clearing house's acceptance. */
  HELD(PaymentStatus.REQUESTED),
  /** The clearing house's outcome. */
  SUBMITTED(PaymentStatus.SUBMITTED),
  /** The booking of the settlement. */
  SETTLING(PaymentStatus.SUBMITTED),
  /** The release of the hold. */
  REJECTING(PaymentStatus.SUBMITTED),
  /** The booking of the return. */
  RETURNING(PaymentStatus.SETTLED),
  /** Nothing, but a return is possible. */
  SETTLED(PaymentStatus.SETTLED),
  /** Nothing. */
  REJECTED(PaymentStatus.REJECTED),
  /** Nothing. */
  RETURNED(PaymentStatus.RETURNED);

  private final PaymentStatus status;

  PaymentStage(PaymentStatus status) {
    this.status = status;
  }

  public PaymentStatus status() {
    return status;
  }
}
