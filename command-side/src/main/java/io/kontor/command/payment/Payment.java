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
import io.kontor.api.payment.PaymentCommand.RecordHold;
import io.kontor.api.payment.PaymentCommand.RecordHoldRefusal;
import io.kontor.api.payment.PaymentCommand.RecordOutcome;
import io.kontor.api.payment.PaymentCommand.RecordSubmission;
import io.kontor.api.payment.PaymentCommand.RecordTrouble;
import io.kontor.api.payment.PaymentCommand.RequestPayment;
import io.kontor.api.payment.PaymentCommand.ResolvePayment;
import io.kontor.api.payment.PaymentCommand.RetryPayment;
import io.kontor.api.payment.PaymentEvent;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentResult;
import io.kontor.api.payment.PaymentStage;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.command.ExpectedVersions;
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
 * A payment to another bank. It reaches a final status only when its money is where that status
 * says: first it is known what became of it, then the account follows, then it is over.
 */
@Aggregate(repository = PaymentConfiguration.REPOSITORY)
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class Payment {
  @AggregateIdentifier private PaymentId id;
  private PaymentTerms terms;
  private PaymentStage stage;
  private boolean booked;
  private boolean comesBack;

  /** The clearing house's words for what became of it. */
  private @Nullable String reason;

  /** Why it waits for a person; it does not, when null. */
  private @Nullable String trouble;

  /** For the framework, which then evolves it. */
  @SuppressWarnings("NullAway.Init")
  Payment() {}

  @CommandHandlerInterceptor
  void requireVersion(@MetaDataValue(MessageMetadata.EXPECTED_VERSION) @Nullable Number expected) {
    ExpectedVersions.require(expected, getVersion());
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.ALWAYS)
  PaymentResult handle(RequestPayment command) {
    apply(
        new PaymentEvent.PaymentRequested(command.payment(), command.customer(), command.terms()));
    return answer();
  }

  @CommandHandler
  PaymentResult handle(RecordHold command) {
    if (stage == PaymentStage.REQUESTED) {
      apply(new PaymentEvent.MoneyHeld(id, terms));
    }
    return answer();
  }

  /** First the account lets go of whatever it holds for it, seen or unseen; then it is over. */
  @CommandHandler
  PaymentResult handle(RecordHoldRefusal command) {
    if (stage == PaymentStage.REQUESTED) {
      report(ClearingOutcome.REJECTED, command.reason());
    }
    return answer();
  }

  @CommandHandler
  PaymentResult handle(RecordSubmission command) {
    if (stage == PaymentStage.HELD) {
      apply(new PaymentEvent.PaymentSubmitted(id));
    }
    return answer();
  }

  /** Messages come in any order, more than once, and before the answer that should come first. */
  @CommandHandler
  PaymentResult handle(RecordOutcome command) {
    switch (command.outcome()) {
      case SETTLED -> settled(command.reason());
      case REJECTED -> rejected(command.reason());
      case RETURNED -> returned(command.reason());
    }
    return answer();
  }

  @CommandHandler
  PaymentResult handle(RecordBooking command) {
    if (command.outcome() == pending()) {
      end();
    }
    return answer();
  }

  @CommandHandler
  PaymentResult handle(RecordTrouble command) {
    if (command.during() == stage && !command.reason().equals(trouble)) {
      needAPerson(command.reason());
    }
    return answer();
  }

  @CommandHandler
  PaymentResult handle(RetryPayment command) {
    requireToBeWaiting();
    apply(new PaymentEvent.RetryRequested(id, terms, stage, pending(), booked));
    return answer();
  }

  /** Where the account could not follow, the person has seen to that too. */
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
    return answer();
  }

  /** Nobody knows whether its money is held: all that can be said is that it won't be paid. */
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
        // It is where it was.
      }
    }
  }

  private void settled(@Nullable String reason) {
    switch (stage) {
      case HELD, SUBMITTED -> report(ClearingOutcome.SETTLED, reason);
      case SETTLING, SETTLED, RETURNING, RETURNED -> {
        // It is known.
      }
      case REQUESTED, REJECTING, REJECTED -> contradiction(ClearingOutcome.SETTLED);
    }
  }

  private void rejected(@Nullable String reason) {
    switch (stage) {
      case HELD, SUBMITTED -> report(ClearingOutcome.REJECTED, reason);
      case REJECTING, REJECTED -> {
        // It is known.
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
        // It is known, or comes to the same.
      }
      case REQUESTED -> contradiction(ClearingOutcome.RETURNED);
    }
  }

  private void report(ClearingOutcome outcome, @Nullable String reason) {
    apply(new PaymentEvent.OutcomeReported(id, terms, outcome, booked, reason));
  }

  /** Someone has to find out what is true; until then the money stays where it is. */
  private void contradiction(ClearingOutcome said) {
    String why = "the clearing house says %s of a payment that is %s".formatted(said, stage);
    if (!why.equals(trouble)) {
      needAPerson(why);
    }
  }

  private void needAPerson(String why) {
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

  /** What the account has to follow; nothing, when null. */
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

  /** What comes back before it was settled never was. */
  private PaymentStatus status() {
    return stage == PaymentStage.RETURNING && !booked ? PaymentStatus.SUBMITTED : stage.status();
  }

  private PaymentResult answer() {
    return new PaymentResult(id.uuid(), status(), getVersion());
  }
}
