package io.kontor.api.payment;

import io.kontor.api.message.Validation;
import java.util.Currency;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Commands to a payment: requests, and the responses of the account and the clearing house. Each is
 * idempotent; a repeated or outdated one changes nothing.
 */
public sealed interface PaymentCommand {
  PaymentId payment();

  /**
   * Rejected when the amount is in another currency than the paying account.
   *
   * @param customer the owner of the paying account
   * @param currency the paying account's currency
   */
  record RequestPayment(
      @TargetAggregateIdentifier PaymentId payment,
      String customer,
      Currency currency,
      PaymentTerms terms)
      implements PaymentCommand {
    public RequestPayment {
      Validation.positive("amount", terms.amount());
      Validation.carriedReference(terms.reference());
    }
  }

  /** The account placed the hold. */
  record RecordHold(@TargetAggregateIdentifier PaymentId payment) implements PaymentCommand {}

  /** The account rejected the hold. */
  record RecordHoldRefusal(@TargetAggregateIdentifier PaymentId payment, String reason)
      implements PaymentCommand {}

  /** The clearing house accepted the payment and reports its outcome later. */
  record RecordSubmission(@TargetAggregateIdentifier PaymentId payment) implements PaymentCommand {}

  /**
   * The clearing house reported the outcome.
   *
   * @param reason the clearing house's reason, if any
   */
  record RecordOutcome(
      @TargetAggregateIdentifier PaymentId payment,
      ClearingOutcome outcome,
      @Nullable String reason)
      implements PaymentCommand {
    public RecordOutcome {
      Validation.carriedTextOrNone("reason", reason);
    }
  }

  /** The account made the booking for this outcome. */
  record RecordBooking(@TargetAggregateIdentifier PaymentId payment, ClearingOutcome outcome)
      implements PaymentCommand {}

  /**
   * The payment can't continue; an operator has to decide.
   *
   * @param during the stage in which this was found; ignored in any other
   */
  record RecordFailure(
      @TargetAggregateIdentifier PaymentId payment, PaymentStage during, String reason)
      implements PaymentCommand {}

  /**
   * An operator asks for a retry.
   *
   * @param reason null when none was given
   */
  record RetryPayment(@TargetAggregateIdentifier PaymentId payment, @Nullable String reason)
      implements PaymentCommand {
    public RetryPayment {
      Validation.carriedTextOrNone("reason", reason);
    }
  }

  /**
   * An operator reports the outcome.
   *
   * @param reason how it was found out
   */
  record ResolvePayment(
      @TargetAggregateIdentifier PaymentId payment, ClearingOutcome outcome, String reason)
      implements PaymentCommand {
    public ResolvePayment {
      Validation.carriedText("reason", reason);
    }
  }
}
