package io.kontor.command.payment;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentCommand.RecordBooking;
import io.kontor.api.payment.PaymentCommand.RecordFailure;
import io.kontor.api.payment.PaymentCommand.RecordHold;
import io.kontor.api.payment.PaymentCommand.RecordHoldRefusal;
import io.kontor.api.payment.PaymentCommand.RecordOutcome;
import io.kontor.api.payment.PaymentCommand.RecordSubmission;
import io.kontor.api.payment.PaymentCommand.RequestPayment;
import io.kontor.api.payment.PaymentCommand.ResolvePayment;
import io.kontor.api.payment.PaymentCommand.RetryPayment;
import io.kontor.api.payment.PaymentEvent;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentResult;
import io.kontor.api.payment.PaymentStage;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.command.aggregate.ExpectedVersions;
import java.util.Currency;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A payment to another bank. It reaches a final status only when the money is booked accordingly:
 * first the outcome is recorded, then the account books it, then the payment ends.
 */
@Aggregate(repository = PaymentConfiguration.REPOSITORY)
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class Payment {
  @AggregateIdentifier private PaymentId id;
  private PaymentTerms terms;
  private PaymentStage stage;
  private boolean booked;
  private boolean comesBack;

  /** The clearing house's reason for the outcome. */
  private @Nullable String reason;

  /** Why it needs attention; null when it does not. */
  private @Nullable String trouble;

  /** Axon creates an instance and replays its events. */
  @SuppressWarnings("NullAway.Init")
  Payment() {}

  @CommandHandlerInterceptor
  void requireVersion(@MetaDataValue(MessageMetadata.EXPECTED_VERSION) @Nullable Number expected) {
    ExpectedVersions.require(expected, getVersion());
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.ALWAYS)
  PaymentResult handle(RequestPayment command) {
    Currency requested = command.terms().amount().currency();
    if (!requested.equals(command.currency())) {
      throw new RejectedException(
          new Rejection.CurrencyMismatch(command.terms().from(), command.currency(), requested));
    }
    apply(
        new PaymentEvent.PaymentRequested(command.payment(), command.customer(), command.terms()));
    return result();
  }

  @CommandHandler
  PaymentResult handle(RecordHold command) {
    if (stage == PaymentStage.REQUESTED) {
      apply(new PaymentEvent.MoneyHeld(id, terms));
    }
    return result();
  }

  /** The account first releases any hold of this payment, known or not; then the payment ends. */
  @CommandHandler
  PaymentResult handle(RecordHoldRefusal command) {
    if (stage == PaymentStage.REQUESTED) {
      report(ClearingOutcome.REJECTED, command.reason());
    }
    return result();
  }

  @CommandHandler
  PaymentResult handle(RecordSubmission command) {
    if (stage == PaymentStage.HELD) {
      apply(new PaymentEvent.PaymentSubmitted(id));
    }
    return result();
  }

  /**
   * Notifications arrive in any order, repeatedly, and possibly before the response to the
   * submission.
   */
  @CommandHandler
  PaymentResult handle(RecordOutcome command) {
    switch (command.outcome()) {
      case SETTLED -> settled(command.reason());
      case REJECTED -> rejected(command.reason());
      case RETURNED -> returned(command.reason());
    }
    return result();
  }

  @CommandHandler
  PaymentResult handle(RecordBooking command) {
    if (command.outcome() == pending()) {
      end();
    }
    return result();
  }

  @CommandHandler
  PaymentResult handle(RecordFailure command) {
    if (command.during() == stage && !command.reason().equals(trouble)) {
      requestAttention(command.reason());
    }
    return result();
  }

  @CommandHandler
  PaymentResult handle(RetryPayment command) {
    requireToBeWaiting();
    apply(new PaymentEvent.RetryRequested(id, terms, stage, pending(), booked, command.reason()));
    return result();
  }

  /** When the account could not make the booking, the operator has taken care of that too. */
  @CommandHandler
  PaymentResult handle(ResolvePayment command) {
    requireToBeWaiting();
    if (isUnderWay()) {
      report(command.outcome(), command.reason());
    } else if (stage == PaymentStage.REQUESTED) {
      resolveUnheld(command);
    } else if (command.outcome() == pending()) {
      end();
    } else {
      apply(new PaymentEvent.AttentionEnded(id, command.reason()));
    }
    return result();
  }

  /** It is unknown whether the money is held, so only a rejection is possible. */
  private void resolveUnheld(ResolvePayment command) {
    if (command.outcome() == ClearingOutcome.REJECTED) {
      report(command.outcome(), command.reason());
    } else {
      contradiction(command.outcome());
    }
  }

  @EventSourcingHandler
  void evolve(PaymentEvent event) {
    trouble =
        switch (event) {
          case PaymentEvent.AttentionNeeded needed -> needed.reason();
          case PaymentEvent.ReturnAnnounced _ -> trouble;
          default -> null;
        };
    switch (event) {
      case PaymentEvent.PaymentRequested requested -> {
        id = requested.payment();
        terms = requested.terms();
        stage = PaymentStage.REQUESTED;
      }
      case PaymentEvent.MoneyHeld _ -> stage = PaymentStage.HELD;
      case PaymentEvent.PaymentSubmitted _ -> stage = PaymentStage.SUBMITTED;
      case PaymentEvent.OutcomeReported reported -> {
        stage = stage(reported);
        reason = reported.reason();
      }
      case PaymentEvent.ReturnAnnounced announced -> {
        comesBack = true;
        reason = announced.reason();
      }
      case PaymentEvent.PaymentSettled _ -> {
        stage = PaymentStage.SETTLED;
        booked = true;
      }
      case PaymentEvent.PaymentRejected _ -> stage = PaymentStage.REJECTED;
      case PaymentEvent.PaymentReturned _ -> stage = PaymentStage.RETURNED;
      case PaymentEvent.AttentionNeeded _,
          PaymentEvent.RetryRequested _,
          PaymentEvent.AttentionEnded _ -> {
        // The stage does not change.
      }
    }
  }

  private void settled(@Nullable String reason) {
    switch (stage) {
      case HELD, SUBMITTED -> report(ClearingOutcome.SETTLED, reason);
      case SETTLING, SETTLED, RETURNING, RETURNED -> {
        // Already known.
      }
      case REQUESTED, REJECTING, REJECTED -> contradiction(ClearingOutcome.SETTLED);
    }
  }

  private void rejected(@Nullable String reason) {
    switch (stage) {
      case HELD, SUBMITTED -> report(ClearingOutcome.REJECTED, reason);
      case REJECTING, REJECTED -> {
        // Already known.
      }
      case REQUESTED, SETTLING, SETTLED, RETURNING, RETURNED ->
          contradiction(ClearingOutcome.REJECTED);
    }
  }

  private void returned(@Nullable String reason) {
    switch (stage) {
      case HELD, SUBMITTED, SETTLED -> report(ClearingOutcome.RETURNED, reason);
      case SETTLING -> {
        if (!comesBack) {
          apply(new PaymentEvent.ReturnAnnounced(id, reason));
        }
      }
      case RETURNING, RETURNED, REJECTING, REJECTED -> {
        // Already known, or the money stays on the account.
      }
      case REQUESTED -> contradiction(ClearingOutcome.RETURNED);
    }
  }

  private void report(ClearingOutcome outcome, @Nullable String reason) {
    apply(new PaymentEvent.OutcomeReported(id, terms, outcome, booked, reason));
  }

  /** An operator has to find out the real outcome; until then the money stays where it is. */
  private void contradiction(ClearingOutcome said) {
    String why = "the clearing house says %s of a payment that is %s".formatted(said, stage);
    if (!why.equals(trouble)) {
      requestAttention(why);
    }
  }

  private void requestAttention(String why) {
    apply(new PaymentEvent.AttentionNeeded(id, status(), why));
  }

  private void end() {
    switch (stage) {
      case SETTLING -> {
        boolean back = comesBack;
        String why = reason;
        apply(new PaymentEvent.PaymentSettled(id));
        if (back) {
          report(ClearingOutcome.RETURNED, why);
        }
      }
      case REJECTING -> apply(new PaymentEvent.PaymentRejected(id, reason));
      case RETURNING -> apply(new PaymentEvent.PaymentReturned(id, reason));
      case REQUESTED, HELD, SUBMITTED, SETTLED, REJECTED, RETURNED ->
          throw new IllegalStateException("nothing is pending when it is " + stage);
    }
  }

  /** The outcome that the account has to book; null when there is none. */
  private @Nullable ClearingOutcome pending() {
    return switch (stage) {
      case SETTLING -> ClearingOutcome.SETTLED;
      case REJECTING -> ClearingOutcome.REJECTED;
      case RETURNING -> ClearingOutcome.RETURNED;
      case REQUESTED, HELD, SUBMITTED, SETTLED, REJECTED, RETURNED -> null;
    };
  }

  private static PaymentStage stage(PaymentEvent.OutcomeReported reported) {
    return switch (reported.outcome()) {
      case SETTLED -> PaymentStage.SETTLING;
      case REJECTED -> PaymentStage.REJECTING;
      case RETURNED -> PaymentStage.RETURNING;
    };
  }

  private boolean isUnderWay() {
    return stage == PaymentStage.HELD || stage == PaymentStage.SUBMITTED;
  }

  private void requireToBeWaiting() {
    if (trouble == null) {
      throw new RejectedException(new Rejection.PaymentNotWaiting(id.uuid()));
    }
  }

  /** A payment that was returned before its settlement was booked never shows as settled. */
  private PaymentStatus status() {
    return stage == PaymentStage.RETURNING && !booked ? PaymentStatus.SUBMITTED : stage.status();
  }

  private PaymentResult result() {
    return new PaymentResult(id.uuid(), status(), getVersion());
  }
}
