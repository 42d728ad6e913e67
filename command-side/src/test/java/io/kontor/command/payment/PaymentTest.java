package io.kontor.command.payment;

import static io.kontor.api.payment.ClearingOutcome.REJECTED;
import static io.kontor.api.payment.ClearingOutcome.RETURNED;
import static io.kontor.api.payment.ClearingOutcome.SETTLED;
import static io.kontor.api.payment.PaymentStage.HELD;
import static io.kontor.api.payment.PaymentStage.RETURNING;
import static io.kontor.api.payment.PaymentStage.SETTLING;
import static io.kontor.api.payment.PaymentStage.SUBMITTED;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentCommand;
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
import io.kontor.api.payment.PaymentEvent.AttentionEnded;
import io.kontor.api.payment.PaymentEvent.AttentionNeeded;
import io.kontor.api.payment.PaymentEvent.MoneyHeld;
import io.kontor.api.payment.PaymentEvent.OutcomeReported;
import io.kontor.api.payment.PaymentEvent.PaymentRejected;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.payment.PaymentEvent.PaymentReturned;
import io.kontor.api.payment.PaymentEvent.PaymentSettled;
import io.kontor.api.payment.PaymentEvent.PaymentSubmitted;
import io.kontor.api.payment.PaymentEvent.RetryRequested;
import io.kontor.api.payment.PaymentEvent.ReturnAnnounced;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses that are late, repeated, out of order or missing. */
@Tag("fast")
class PaymentTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final Currency EUR = Currency.getInstance("EUR");
  private static final PaymentId ID = new PaymentId(ACME, new UUID(7, 1));
  private static final PaymentTerms TERMS =
      new PaymentTerms(
          new AccountId(ACME, new UUID(7, 2)),
          Money.of("5.00", "EUR"),
          SealedText.inTheClear("cust-42", "{}"),
          "invoice",
          new UUID(7, 3),
          new UUID(7, 4),
          new UUID(7, 5));

  private static final RecordHold HOLD = new RecordHold(ID);
  private static final RecordSubmission TAKEN = new RecordSubmission(ID);
  private static final RetryPayment RETRY = new RetryPayment(ID, "they answer again");
  private static final RecordFailure SILENT = new RecordFailure(ID, SUBMITTED, "silence");

  private static final AttentionNeeded UNHELD =
      new AttentionNeeded(ID, PaymentStatus.REQUESTED, "the account can't be asked");
  private static final PaymentRequested WAS_REQUESTED = new PaymentRequested(ID, "cust-42", TERMS);
  private static final MoneyHeld WAS_HELD = new MoneyHeld(ID, TERMS);
  private static final PaymentSubmitted WAS_SUBMITTED = new PaymentSubmitted(ID);
  private static final OutcomeReported SETTLES = reported(SETTLED, false, null);
  private static final OutcomeReported REJECTS = reported(REJECTED, false, "unknown");
  private static final OutcomeReported RETURNS_UNSETTLED = reported(RETURNED, false, "closed");
  private static final OutcomeReported RETURNS = reported(RETURNED, true, "closed");
  private static final ReturnAnnounced WILL_RETURN = new ReturnAnnounced(ID, "closed");
  private static final PaymentSettled WAS_SETTLED = new PaymentSettled(ID);
  private static final PaymentRejected WAS_REJECTED = new PaymentRejected(ID, "unknown");
  private static final PaymentReturned WAS_RETURNED = new PaymentReturned(ID, "closed");
  private static final AttentionNeeded SILENCE =
      new AttentionNeeded(ID, PaymentStatus.SUBMITTED, "silence");
  private static final AttentionNeeded FROZEN =
      new AttentionNeeded(ID, PaymentStatus.SUBMITTED, "frozen");

  private final AggregateTestFixture<Payment> fixture = new AggregateTestFixture<>(Payment.class);

  /**
   * A history, a command and the expected events.
   *
   * @param events empty when none are expected
   */
  record Case(List<PaymentEvent> history, PaymentCommand command, List<PaymentEvent> events) {}

  static Stream<Case> cases() {
    return Stream.of(
        when(HOLD).after(WAS_REQUESTED).comes(WAS_HELD),
        when(HOLD).after(WAS_REQUESTED, WAS_HELD).comes(),
        when(new RecordHoldRefusal(ID, "unknown")).after(WAS_REQUESTED).comes(REJECTS),
        when(new RecordHoldRefusal(ID, "unknown")).after(WAS_REQUESTED, REJECTS).comes(),
        when(HOLD).after(WAS_REQUESTED, REJECTS).comes(),
        when(HOLD).after(WAS_REQUESTED, REJECTS, WAS_REJECTED).comes(),
        when(booked(REJECTED)).after(WAS_REQUESTED, REJECTS).comes(WAS_REJECTED),
        when(new RecordHoldRefusal(ID, "late")).after(WAS_REQUESTED, WAS_HELD).comes(),
        // Submitted, also when that response comes after the outcome.
        when(TAKEN).after(held()).comes(WAS_SUBMITTED),
        when(TAKEN).after(held(WAS_SUBMITTED)).comes(),
        when(TAKEN).after(held(SETTLES)).comes(),
        when(TAKEN).after(held(SETTLES, WAS_SETTLED)).comes(),
        when(TAKEN).after(held(REJECTS, WAS_REJECTED)).comes(),
        // Settled once, also when notified twice, late, or before the submission is recorded.
        when(says(SETTLED, null)).after(held(WAS_SUBMITTED)).comes(SETTLES),
        when(says(SETTLED, null)).after(held()).comes(SETTLES),
        when(says(SETTLED, null)).after(held(WAS_SUBMITTED, SILENCE)).comes(SETTLES),
        when(says(SETTLED, null)).after(held(SETTLES)).comes(),
        when(says(SETTLED, null)).after(held(SETTLES, WAS_SETTLED)).comes(),
        when(says(SETTLED, null)).after(held(RETURNS_UNSETTLED)).comes(),
        when(says(SETTLED, null)).after(held(SETTLES, WAS_SETTLED, RETURNS)).comes(),
        when(says(SETTLED, null))
            .after(held(REJECTS, WAS_REJECTED))
            .comes(contradiction(PaymentStatus.REJECTED, SETTLED, PaymentStage.REJECTED)),
        when(says(SETTLED, null))
            .after(
                held(
                    REJECTS,
                    WAS_REJECTED,
                    contradiction(PaymentStatus.REJECTED, SETTLED, PaymentStage.REJECTED)))
            .comes(),
        // Rejected.
        when(says(REJECTED, "unknown")).after(held(WAS_SUBMITTED)).comes(REJECTS),
        when(says(REJECTED, "unknown")).after(held()).comes(REJECTS),
        when(says(REJECTED, "unknown")).after(held(REJECTS)).comes(),
        when(says(REJECTED, "unknown")).after(held(REJECTS, WAS_REJECTED)).comes(),
        when(says(REJECTED, "unknown"))
            .after(held(SETTLES, WAS_SETTLED))
            .comes(contradiction(PaymentStatus.SETTLED, REJECTED, PaymentStage.SETTLED)),
        // Returned after, during or before the settlement.
        when(says(RETURNED, "closed")).after(held(SETTLES, WAS_SETTLED)).comes(RETURNS),
        when(says(RETURNED, "closed")).after(held(SETTLES)).comes(WILL_RETURN),
        when(says(RETURNED, "closed")).after(held(SETTLES, WILL_RETURN)).comes(),
        when(says(RETURNED, "closed")).after(held(WAS_SUBMITTED)).comes(RETURNS_UNSETTLED),
        when(says(RETURNED, "closed")).after(held(REJECTS)).comes(),
        when(says(RETURNED, "closed")).after(held(SETTLES, WAS_SETTLED, RETURNS)).comes(),
        when(says(RETURNED, "closed"))
            .after(held(SETTLES, WAS_SETTLED, RETURNS, WAS_RETURNED))
            .comes(),
        // The account's booking is recorded once.
        when(booked(SETTLED)).after(held(SETTLES)).comes(WAS_SETTLED),
        when(booked(SETTLED)).after(held(SETTLES, WAS_SETTLED)).comes(),
        when(booked(SETTLED)).after(held(SETTLES, WILL_RETURN)).comes(WAS_SETTLED, RETURNS),
        when(booked(SETTLED)).after(held(SETTLES, WAS_SETTLED, RETURNS)).comes(),
        when(booked(REJECTED)).after(held(REJECTS)).comes(WAS_REJECTED),
        when(booked(REJECTED)).after(held(REJECTS, FROZEN)).comes(WAS_REJECTED),
        when(booked(RETURNED)).after(held(RETURNS_UNSETTLED)).comes(WAS_RETURNED),
        when(booked(RETURNED)).after(held(SETTLES, WAS_SETTLED, RETURNS)).comes(WAS_RETURNED),
        // Attention is needed once per reason, and not for an ended payment.
        when(SILENT).after(held(WAS_SUBMITTED)).comes(SILENCE),
        when(SILENT).after(held(WAS_SUBMITTED, SILENCE)).comes(),
        when(SILENT).after(held(WAS_SUBMITTED, SETTLES)).comes(),
        when(RETRY)
            .after(held(WAS_SUBMITTED, SILENCE))
            .comes(new RetryRequested(ID, TERMS, SUBMITTED, null, false, "they answer again")),
        when(RETRY)
            .after(held(new AttentionNeeded(ID, PaymentStatus.REQUESTED, "away")))
            .comes(new RetryRequested(ID, TERMS, HELD, null, false, "they answer again")),
        when(RETRY)
            .after(held(SETTLES, FROZEN, WILL_RETURN))
            .comes(new RetryRequested(ID, TERMS, SETTLING, SETTLED, false, "they answer again")),
        when(RETRY)
            .after(held(SETTLES, WAS_SETTLED, RETURNS, FROZEN))
            .comes(new RetryRequested(ID, TERMS, RETURNING, RETURNED, true, "they answer again")),
        when(found(REJECTED))
            .after(held(WAS_SUBMITTED, SILENCE))
            .comes(reported(REJECTED, false, "by phone")),
        when(found(SETTLED)).after(held(SETTLES, FROZEN)).comes(WAS_SETTLED),
        // Unknown whether the money is held: the hold is released.
        when(found(REJECTED))
            .after(WAS_REQUESTED, UNHELD)
            .comes(reported(REJECTED, false, "by phone")),
        when(found(SETTLED))
            .after(WAS_REQUESTED, UNHELD)
            .comes(contradiction(PaymentStatus.REQUESTED, SETTLED, PaymentStage.REQUESTED)),
        when(found(REJECTED))
            .after(
                held(
                    REJECTS,
                    WAS_REJECTED,
                    contradiction(PaymentStatus.REJECTED, SETTLED, PaymentStage.REJECTED)))
            .comes(new AttentionEnded(ID, "by phone")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsSaidLeadsToWhatItHasTo(Case said) {
    fixture.given(said.history()).when(said.command()).expectEvents(said.events().toArray());
  }

  @Test
  void aPaymentBeginsWithItsRequest() {
    fixture
        .givenNoPriorActivity()
        .when(new RequestPayment(ID, "cust-42", EUR, TERMS))
        .expectEvents(WAS_REQUESTED);
  }

  @Test
  void anAmountInAnotherCurrencyThanTheAccountsIsRejected() {
    var dollars = Currency.getInstance("USD");
    fixture
        .givenNoPriorActivity()
        .when(new RequestPayment(ID, "cust-42", dollars, TERMS))
        .expectException(RejectedException.class)
        .expectExceptionDetails(new Rejection.CurrencyMismatch(TERMS.from(), dollars, EUR))
        .expectNoEvents();
  }

  @Test
  void aPersonDecidesOnlyWhatWaitsForOne() {
    for (PaymentCommand person : List.of(RETRY, found(SETTLED))) {
      new AggregateTestFixture<>(Payment.class)
          .given(List.of(held(WAS_SUBMITTED)))
          .when(person)
          .expectException(RejectedException.class)
          .expectNoEvents();
    }
  }

  private static OutcomeReported reported(
      ClearingOutcome outcome, boolean booked, @Nullable String reason) {
    return new OutcomeReported(ID, TERMS, outcome, booked, reason);
  }

  private static AttentionNeeded contradiction(
      PaymentStatus status, ClearingOutcome said, PaymentStage stage) {
    return new AttentionNeeded(
        ID, status, "the clearing house says %s of a payment that is %s".formatted(said, stage));
  }

  private static RecordOutcome says(ClearingOutcome outcome, @Nullable String reason) {
    return new RecordOutcome(ID, outcome, reason);
  }

  private static RecordBooking booked(ClearingOutcome outcome) {
    return new RecordBooking(ID, outcome);
  }

  private static ResolvePayment found(ClearingOutcome outcome) {
    return new ResolvePayment(ID, outcome, "by phone");
  }

  /** The events of a held payment, followed by more. */
  private static PaymentEvent[] held(PaymentEvent... then) {
    return Stream.concat(Stream.of(WAS_REQUESTED, WAS_HELD), Stream.of(then))
        .toArray(PaymentEvent[]::new);
  }

  private static When when(PaymentCommand command) {
    return new When(command, List.of());
  }

  private record When(PaymentCommand command, List<PaymentEvent> history) {
    When after(PaymentEvent... history) {
      return new When(command, List.of(history));
    }

    Case comes(PaymentEvent... events) {
      return new Case(history, command, List.of(events));
    }
  }
}
