package io.kontor.command.payment;

import static io.kontor.api.payment.ClearingOutcome.REJECTED;
import static io.kontor.api.payment.ClearingOutcome.RETURNED;
import static io.kontor.api.payment.ClearingOutcome.SETTLED;

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
import io.kontor.api.payment.PaymentEvent.AttentionNeeded;
import io.kontor.api.payment.PaymentEvent.MoneyHeld;
import io.kontor.api.payment.PaymentEvent.OutcomeReported;
import io.kontor.api.payment.PaymentEvent.PaymentRejected;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.payment.PaymentEvent.PaymentReturned;
import io.kontor.api.payment.PaymentEvent.PaymentSettled;
import io.kontor.api.payment.PaymentEvent.PaymentSubmitted;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.command.RepeatedCommandsTest;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** A repeated command is recognized, whatever happened to the payment since. */
@Tag("fast")
class RepeatedPaymentCommandsTest extends RepeatedCommandsTest<PaymentCommand, PaymentEvent> {
  private static final TenantId ACME = new TenantId("acme");
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
  private static final PaymentRequested REQUESTED = new PaymentRequested(ID, "cust-42", TERMS);
  private static final MoneyHeld HELD = new MoneyHeld(ID, TERMS);
  private static final PaymentSubmitted TAKEN = new PaymentSubmitted(ID);
  private static final PaymentSettled DONE = new PaymentSettled(ID);
  private static final PaymentRejected REFUSED = new PaymentRejected(ID, "no");
  private static final PaymentReturned BACK = new PaymentReturned(ID, "no");

  RepeatedPaymentCommandsTest() {
    super(
        Payment.class,
        PaymentCommand.class,
        Set.of(RequestPayment.class, RetryPayment.class, ResolvePayment.class));
  }

  @Override
  protected Stream<Case<PaymentCommand, PaymentEvent>> cases() {
    var refusal = new RecordHoldRefusal(ID, "no");
    var trouble = new AttentionNeeded(ID, PaymentStatus.SUBMITTED, "silence");
    return Stream.of(
        new Case<>(
            new RecordHold(ID), List.of(REQUESTED, HELD, reported(REJECTED, false), REFUSED)),
        new Case<>(refusal, List.of(REQUESTED, reported(REJECTED, false))),
        new Case<>(refusal, List.of(REQUESTED, reported(REJECTED, false), REFUSED)),
        new Case<>(
            new RecordSubmission(ID),
            List.of(REQUESTED, HELD, TAKEN, reported(REJECTED, false), REFUSED)),
        new Case<>(
            new RecordOutcome(ID, SETTLED, null),
            List.of(
                REQUESTED, HELD, reported(SETTLED, false), DONE, reported(RETURNED, true), BACK)),
        new Case<>(
            new RecordOutcome(ID, REJECTED, "no"),
            List.of(REQUESTED, HELD, reported(REJECTED, false), REFUSED)),
        new Case<>(
            new RecordBooking(ID, SETTLED),
            List.of(
                REQUESTED, HELD, reported(SETTLED, false), DONE, reported(RETURNED, true), BACK)),
        new Case<>(
            new RecordFailure(ID, PaymentStage.SUBMITTED, "silence"),
            List.of(REQUESTED, HELD, TAKEN, trouble)),
        new Case<>(
            new RecordFailure(ID, PaymentStage.SUBMITTED, "silence"),
            List.of(REQUESTED, HELD, TAKEN, trouble, reported(SETTLED, false), DONE)));
  }

  private static OutcomeReported reported(ClearingOutcome outcome, boolean booked) {
    return new OutcomeReported(ID, TERMS, outcome, booked, outcome == SETTLED ? null : "no");
  }
}
