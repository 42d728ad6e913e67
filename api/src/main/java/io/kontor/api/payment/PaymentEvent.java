package io.kontor.api.payment;

import org.jspecify.annotations.Nullable;

/** The events of a payment. */
public sealed interface PaymentEvent {
  PaymentId payment();

  record PaymentRequested(PaymentId payment, String customer, PaymentTerms terms)
      implements PaymentEvent {}

  /** The hold was placed on the account. */
  record MoneyHeld(PaymentId payment, PaymentTerms terms) implements PaymentEvent {}

  /** The clearing house accepted the payment. */
  record PaymentSubmitted(PaymentId payment) implements PaymentEvent {}

  /**
   * The outcome is known; the account has to make the booking for it.
   *
   * @param booked whether the money has left the account
   */
  record OutcomeReported(
      PaymentId payment,
      PaymentTerms terms,
      ClearingOutcome outcome,
      boolean booked,
      @Nullable String reason)
      implements PaymentEvent {}

  /**
   * The return was reported before the settlement was booked: the settlement is booked first, then
   * the return.
   */
  record ReturnAnnounced(PaymentId payment, @Nullable String reason) implements PaymentEvent {}

  /** The settlement is booked: the creditor's bank has the money. */
  record PaymentSettled(PaymentId payment) implements PaymentEvent {}

  /** The payment is not carried out, and its hold is released. */
  record PaymentRejected(PaymentId payment, @Nullable String reason) implements PaymentEvent {}

  /** The return is booked: the account has the money back. */
  record PaymentReturned(PaymentId payment, @Nullable String reason) implements PaymentEvent {}

  /** The payment waits for an operator, until the next event other than {@link ReturnAnnounced}. */
  record AttentionNeeded(PaymentId payment, PaymentStatus status, String reason)
      implements PaymentEvent {}

  /**
   * An operator asked for a retry.
   *
   * @param outcome the outcome that the account has to book, if the stage has one
   * @param booked whether the money has left the account
   * @param reason why; null when none was given
   */
  record RetryRequested(
      PaymentId payment,
      PaymentTerms terms,
      PaymentStage stage,
      @Nullable ClearingOutcome outcome,
      boolean booked,
      @Nullable String reason)
      implements PaymentEvent {}

  /** An operator resolved it. */
  record AttentionEnded(PaymentId payment, String reason) implements PaymentEvent {}
}
