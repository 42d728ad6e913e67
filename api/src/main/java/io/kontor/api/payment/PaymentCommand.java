package io.kontor.api.payment;

import io.kontor.api.message.Validation;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a payment, and what others' answers are told it as. Each may be said twice;
 * what was said before, or comes too late to matter, changes nothing.
 */
public sealed interface PaymentCommand {
  PaymentId payment();

  /**
   * @param customer whose account pays
   */
  record RequestPayment(
      @TargetAggregateIdentifier PaymentId payment, String customer, PaymentTerms terms)
      implements PaymentCommand {
    public RequestPayment {
      Validation.positive("amount", terms.amount());
      Validation.carriedReference(terms.reference());
    }
  }

  /** The account set the money aside. */
  record RecordHold(@TargetAggregateIdentifier PaymentId payment) implements PaymentCommand {}

  /** The account won't set the money aside. */
  record RecordHoldRefusal(@TargetAggregateIdentifier PaymentId payment, String reason)
      implements PaymentCommand {}

  /** The clearing house took it, and will tell what becomes of it. */
  record RecordSubmission(@TargetAggregateIdentifier PaymentId payment) implements PaymentCommand {}

  /**
   * The clearing house told what became of it.
   *
   * @param reason the clearing house's words, if it had any
   */
  record RecordOutcome(
      @TargetAggregateIdentifier PaymentId payment,
      ClearingOutcome outcome,
      @Nullable String reason)
      implements PaymentCommand {
    public RecordOutcome {
      if (reason != null) {
        Validation.carriedText("reason", reason);
      }
    }
  }

  /** The account did with the money what this outcome asks for. */
  record RecordBooking(@TargetAggregateIdentifier PaymentId payment, ClearingOutcome outcome)
      implements PaymentCommand {}

  /**
   * It can't go on by itself: a person is needed.
   *
   * @param during where it was when that was found out; elsewhere it is moot
   */
  record RecordTrouble(
      @TargetAggregateIdentifier PaymentId payment, PaymentStage during, String reason)
      implements PaymentCommand {}

  /** A person says: try again. */
  record RetryPayment(@TargetAggregateIdentifier PaymentId payment) implements PaymentCommand {}

  /**
   * A person found out what became of it.
   *
   * @param reason how
   */
  record ResolvePayment(
      @TargetAggregateIdentifier PaymentId payment, ClearingOutcome outcome, String reason)
      implements PaymentCommand {
    public ResolvePayment {
      Validation.carriedText("reason", reason);
    }
  }
}
