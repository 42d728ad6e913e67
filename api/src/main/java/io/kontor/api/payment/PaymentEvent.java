package io.kontor.api.payment;

import org.jspecify.annotations.Nullable;

/** What can happen to a payment. */
public sealed interface PaymentEvent {
  PaymentId payment();

  record PaymentRequested(PaymentId payment, String customer, PaymentTerms terms)
      implements PaymentEvent {}

  /** The account set the money aside. */
  record MoneyHeld(PaymentId payment, PaymentTerms terms) implements PaymentEvent {}

  /** The clearing house took it. */
  record PaymentSubmitted(PaymentId payment) implements PaymentEvent {}

  /**
   * It is known what became of it; the account has to follow.
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

  /** It comes back, before its settlement was booked: first that, then the way back. */
  record ReturnAnnounced(PaymentId payment, @Nullable String reason) implements PaymentEvent {}

  /** The creditor's bank has the money, and the account has not. */
  record PaymentSettled(PaymentId payment) implements PaymentEvent {}

  /** It was not carried out, and nothing is held for it. */
  record PaymentRejected(PaymentId payment, @Nullable String reason) implements PaymentEvent {}

  /** The money was sent back, and the account has it. */
  record PaymentReturned(PaymentId payment, @Nullable String reason) implements PaymentEvent {}

  /** It waits for a person, until anything but an announcement happens next. */
  record AttentionNeeded(PaymentId payment, PaymentStatus status, String reason)
      implements PaymentEvent {}

  /**
   * A person wants it tried again.
   *
   * @param outcome what the account has to follow, in a stage where it has to
   * @param booked whether the money has left the account
   */
  record RetryRequested(
      PaymentId payment,
      PaymentTerms terms,
      PaymentStage stage,
      @Nullable ClearingOutcome outcome,
      boolean booked)
      implements PaymentEvent {}

  /** A person took care of it. */
  record AttentionEnded(PaymentId payment, String reason) implements PaymentEvent {}
}
