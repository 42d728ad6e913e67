package io.kontor.sagas.payment;

import static io.kontor.sagas.PolicyFixture.ACME;
import static io.kontor.sagas.PolicyFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.BookReturnedPayment;
import io.kontor.api.account.AccountCommand.CancelHold;
import io.kontor.api.account.AccountCommand.CaptureHold;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountId;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.money.Money;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentCommand.RecordBooking;
import io.kontor.api.payment.PaymentCommand.RecordFailure;
import io.kontor.api.payment.PaymentCommand.RecordHold;
import io.kontor.api.payment.PaymentCommand.RecordHoldRefusal;
import io.kontor.api.payment.PaymentCommand.RecordOutcome;
import io.kontor.api.payment.PaymentCommand.RecordSubmission;
import io.kontor.api.payment.PaymentEvent.MoneyHeld;
import io.kontor.api.payment.PaymentEvent.OutcomeReported;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.payment.PaymentEvent.PaymentSubmitted;
import io.kontor.api.payment.PaymentEvent.RetryRequested;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStage;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.sagas.PolicyFixture;
import io.kontor.sagas.StubServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All payment policies together, each step with every outcome. */
class PaymentPolicyTest {
  private static final PaymentId PAYMENT = new PaymentId(ACME, new UUID(7, 1));
  private static final AccountId ACCOUNT = new AccountId(ACME, new UUID(7, 2));
  private static final UUID HOLD = new UUID(8, 1);
  private static final UUID CAPTURE = new UUID(8, 2);
  private static final UUID RETURN = new UUID(8, 3);
  private static final Money AMOUNT = Money.of("12.50", "EUR");
  private static final Rejection FROZEN = new Rejection.AccountFrozen(ACCOUNT);
  private static final String PATH = "/payments/" + PAYMENT.uuid();

  private static final Duration ACCOUNT_WITHIN = Duration.ofMinutes(30);
  private static final Duration SUBMIT_WITHIN = Duration.ofMinutes(40);
  private static final Duration ANSWER_WITHIN = Duration.ofHours(1);
  private static final Duration GIVE_UP_AFTER = Duration.ofHours(24);
  private static final ClearingProperties PROPERTIES =
      new ClearingProperties(
          null,
          null,
          Duration.ofSeconds(2),
          32,
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          ACCOUNT_WITHIN,
          SUBMIT_WITHIN,
          ANSWER_WITHIN,
          GIVE_UP_AFTER);

  private final PolicyFixture bank = new PolicyFixture();
  private final StubServer clearingHouse = new StubServer();
  private final ClearingHouseClient client =
      new ClearingHouseClient(clearingHouse.client(), bank.personalData());
  private final PaymentTerms terms =
      new PaymentTerms(
          ACCOUNT,
          AMOUNT,
          bank.seal("cust-1", "{\"name\":\"Ada\",\"iban\":\"DE89370400440532013000\"}"),
          "invoice 7",
          HOLD,
          CAPTURE,
          RETURN);

  @BeforeEach
  void addPolicies() {
    var jobs = bank.jobs();
    var commands = bank.commands();
    var clock = bank.clock();
    bank.add(new PaymentHoldPolicy(jobs, commands, PROPERTIES, clock));
    bank.add(new PaymentSubmissionPolicy(jobs, commands, client, PROPERTIES, clock));
    bank.add(new PaymentInquiryPolicy(jobs, commands, client, PROPERTIES, clock));
    bank.add(new PaymentBookingPolicy(jobs, commands, PROPERTIES, clock));
  }

  @AfterEach
  void close() {
    client.close();
    clearingHouse.close();
    bank.close();
  }

  @Nested
  class Hold {
    private final PlaceHold placeHold =
        new PlaceHold(ACCOUNT, HOLD, AMOUNT, "payment " + PAYMENT.uuid(), null);

    @BeforeEach
    void request() {
      bank.publish(new PaymentRequested(PAYMENT, "cust-1", terms));
    }

    @Test
    void isPlacedAndRecorded() {
      bank.runDueTasks();
      assertThat(bank.sent()).containsExactly(placeHold, new RecordHold(PAYMENT));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void thatTheAccountRejectsRejectsThePayment() {
      bank.reject(PlaceHold.class, FROZEN);
      bank.runDueTasks();
      assertThat(bank.sent())
          .containsExactly(placeHold, new RecordHoldRefusal(PAYMENT, FROZEN.detail()));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void isPlacedAgainWhenACrashPreventedItsRecord() {
      bank.fail(RecordHold.class);
      bank.runDueTasks();
      bank.sent();
      bank.recover(RecordHold.class);
      bank.elapse(Duration.ofSeconds(1));
      assertThat(bank.sent()).containsExactly(placeHold, new RecordHold(PAYMENT));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void thatFailsIsRetriedAfterPausesThatDouble() {
      bank.fail(PlaceHold.class);
      bank.runDueTasks();
      Instant due = NOON;
      for (int pause : List.of(1, 2, 4, 8, 16, 30, 30)) {
        due = due.plusSeconds(pause);
        assertThat(bank.scheduled()).containsEntry("hold-for-payment", due);
        bank.elapse(Duration.ofSeconds(pause));
      }
      assertThat(bank.sent()).hasSize(8).containsOnly(placeHold);
    }

    @Test
    void thatFailsUntilItsDeadlineNeedsAPerson() {
      bank.fail(PlaceHold.class);
      bank.elapse(ACCOUNT_WITHIN);
      assertThat(bank.sent())
          .containsExactly(
              placeHold,
              new RecordFailure(
                  PAYMENT, PaymentStage.REQUESTED, "no result from the account: out of order"));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void isScheduledOnceForAnEventThatIsDeliveredTwice() {
      bank.redeliver(new PaymentRequested(PAYMENT, "cust-1", terms), 1);
      assertThat(bank.scheduled()).hasSize(1);
    }
  }

  @Nested
  class Submission {
    @BeforeEach
    void hold() {
      bank.publish(new MoneyHeld(PAYMENT, terms));
    }

    @Test
    void thatIsAcceptedIsRecorded() {
      clearingHouse.respond(200, "{\"state\":\"ACCEPTED\"}");
      bank.runDueTasks();
      assertThat(clearingHouse.calls())
          .singleElement()
          .asString()
          .startsWith("PUT " + PATH)
          .contains("\"participant\":\"acme\"")
          .contains("DE89370400440532013000")
          .contains("invoice 7");
      assertThat(bank.sent()).containsExactly(new RecordSubmission(PAYMENT));
      assertThat(bank.scheduled()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "SETTLED, SETTLED",
      "REJECTED, REJECTED",
      "REFUSED, REJECTED",
      "RETURNED, RETURNED"
    })
    void whoseOutcomeIsKnownAlreadyRecordsTheOutcome(String state, ClearingOutcome outcome) {
      clearingHouse.respond(200, standing(state));
      bank.runDueTasks();
      assertThat(bank.sent()).containsExactly(new RecordOutcome(PAYMENT, outcome, "as reported"));
    }

    @Test
    void thatIsRefusedRejectsThePayment() {
      clearingHouse.respond(422, "{\"detail\":\"no such bank\"}");
      bank.runDueTasks();
      assertThat(bank.sent())
          .singleElement()
          .isInstanceOfSatisfying(
              RecordOutcome.class,
              rejected -> {
                assertThat(rejected.outcome()).isEqualTo(ClearingOutcome.REJECTED);
                assertThat(rejected.reason()).contains("no such bank");
              });
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 429, 500, 503})
    void thatFailsWithAnyOtherStatusIsRetried(int status) {
      clearingHouse.respond(status, "{}");
      bank.runDueTasks();
      assertThat(bank.sent()).isEmpty();
      assertThat(bank.scheduled()).containsEntry("submit-payment", NOON.plusSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{\"state\":\"LOST\"}",
          "{\"state\":0}",
          "{\"state\":\"ACCEPTED\",\"reference\":\"another payment\"}"
        })
    void whoseResponseIsNotAboutThisPaymentIsRetried(String response) {
      clearingHouse.respond(200, response);
      bank.runDueTasks();
      assertThat(bank.sent()).isEmpty();
      assertThat(bank.scheduled()).containsKey("submit-payment");
    }

    @Test
    void whoseResponseIsLostIsSubmittedAgainUnderTheSameReference() {
      clearingHouse.loseResponses();
      bank.runDueTasks();
      List<String> first = clearingHouse.calls();
      clearingHouse.respond(200, "{\"state\":\"ACCEPTED\"}");
      bank.elapse(Duration.ofSeconds(1));
      assertThat(clearingHouse.calls()).hasSize(1).isSubsetOf(first);
      assertThat(bank.sent()).containsExactly(new RecordSubmission(PAYMENT));
    }

    @Test
    void thatFailsUntilItsDeadlineNeedsAPerson() {
      clearingHouse.respond(503, "{}");
      bank.elapse(SUBMIT_WITHIN);
      assertThat(bank.sent())
          .singleElement()
          .isInstanceOfSatisfying(
              RecordFailure.class,
              trouble -> {
                assertThat(trouble.during()).isEqualTo(PaymentStage.HELD);
                assertThat(trouble.reason()).startsWith("it was not submitted: ");
              });
      assertThat(bank.scheduled()).isEmpty();
    }

    @Nested
    class OfAForgottenPayer {
      @BeforeEach
      void forget() {
        bank.forget("cust-1");
      }

      @Test
      void isFoundOutByAnInquiry() {
        clearingHouse.respond(200, "{\"state\":\"ACCEPTED\"}");
        bank.runDueTasks();
        assertThat(clearingHouse.calls()).containsExactly("GET " + PATH);
        assertThat(bank.sent()).containsExactly(new RecordSubmission(PAYMENT));
      }

      @Test
      void thatNeverArrivedIsRejected() {
        clearingHouse.respond(404, "{}");
        bank.runDueTasks();
        assertThat(clearingHouse.calls()).containsExactly("GET " + PATH);
        assertThat(bank.sent())
            .containsExactly(
                new RecordOutcome(PAYMENT, ClearingOutcome.REJECTED, "the payer was forgotten"));
      }

      @ParameterizedTest
      @ValueSource(ints = {401, 500})
      void whoseInquiryFailsIsRetried(int status) {
        clearingHouse.respond(status, "{}");
        bank.runDueTasks();
        assertThat(bank.sent()).isEmpty();
        assertThat(bank.scheduled()).containsKey("submit-payment");
      }
    }
  }

  @Nested
  class Inquiry {
    @BeforeEach
    void submit() {
      bank.publish(new PaymentSubmitted(PAYMENT));
    }

    @Test
    void isMadeWhenNoOutcomeIsReportedInTime() {
      clearingHouse.respond(200, standing("SETTLED"));
      bank.elapse(ANSWER_WITHIN.minusSeconds(1));
      assertThat(clearingHouse.calls()).isEmpty();
      bank.elapse(Duration.ofSeconds(1));
      assertThat(clearingHouse.calls()).containsExactly("GET " + PATH);
      assertThat(bank.sent())
          .containsExactly(new RecordOutcome(PAYMENT, ClearingOutcome.SETTLED, "as reported"));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void isNotMadeOnceTheOutcomeIsReported() {
      bank.publish(reported(ClearingOutcome.SETTLED, false));
      assertThat(bank.scheduled()).containsOnlyKeys("book-payment");
    }

    @Test
    void withoutAnOutcomeYetIsRepeated() {
      clearingHouse.respond(200, "{\"state\":\"ACCEPTED\"}");
      bank.elapse(ANSWER_WITHIN);
      assertThat(bank.sent()).isEmpty();
      clearingHouse.respond(200, standing("RETURNED"));
      bank.elapse(Duration.ofSeconds(1));
      assertThat(bank.sent())
          .containsExactly(new RecordOutcome(PAYMENT, ClearingOutcome.RETURNED, "as reported"));
    }

    @ParameterizedTest
    @CsvSource({"200", "401", "503"})
    void withoutAnOutcomeUntilItsDeadlineNeedsAPerson(int status) {
      clearingHouse.respond(status, "{\"state\":\"ACCEPTED\"}");
      bank.elapse(ANSWER_WITHIN.plus(GIVE_UP_AFTER).minusSeconds(1));
      assertThat(bank.sent()).isEmpty();
      bank.elapse(Duration.ofSeconds(1));
      assertThat(bank.sent())
          .singleElement()
          .isInstanceOfSatisfying(
              RecordFailure.class,
              trouble -> assertThat(trouble.during()).isEqualTo(PaymentStage.SUBMITTED));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void aboutAPaymentThatIsUnknownThereNeedsAPersonAtOnceAndSubmitsNothing() {
      clearingHouse.respond(404, "{}");
      bank.elapse(ANSWER_WITHIN);
      assertThat(clearingHouse.calls()).containsExactly("GET " + PATH);
      assertThat(bank.sent())
          .singleElement()
          .isInstanceOfSatisfying(
              RecordFailure.class,
              trouble -> assertThat(trouble.during()).isEqualTo(PaymentStage.SUBMITTED));
      assertThat(bank.scheduled()).isEmpty();
    }
  }

  @Nested
  class Booking {
    private static final CancelHold CANCEL = new CancelHold(ACCOUNT, HOLD);
    private static final CaptureHold SETTLE =
        new CaptureHold(ACCOUNT, HOLD, CAPTURE, null, LedgerAccount.CLEARING);

    @Test
    void ofASettlementCapturesTheHold() {
      bank.publish(reported(ClearingOutcome.SETTLED, false));
      bank.runDueTasks();
      assertThat(bank.sent())
          .containsExactly(SETTLE, new RecordBooking(PAYMENT, ClearingOutcome.SETTLED));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void ofARejectionUndoesTheHold() {
      bank.publish(reported(ClearingOutcome.REJECTED, false));
      bank.runDueTasks();
      assertThat(bank.sent())
          .containsExactly(CANCEL, new RecordBooking(PAYMENT, ClearingOutcome.REJECTED));
    }

    @Test
    void ofAReturnBeforeTheCaptureUndoesTheHold() {
      bank.publish(reported(ClearingOutcome.RETURNED, false));
      bank.runDueTasks();
      assertThat(bank.sent())
          .containsExactly(CANCEL, new RecordBooking(PAYMENT, ClearingOutcome.RETURNED));
    }

    @Test
    void ofAReturnAfterTheCaptureUndoesTheCapture() {
      bank.publish(reported(ClearingOutcome.RETURNED, true));
      bank.runDueTasks();
      assertThat(bank.sent())
          .containsExactly(
              new BookReturnedPayment(
                  ACCOUNT, RETURN, AMOUNT, "return of payment " + PAYMENT.uuid()),
              new RecordBooking(PAYMENT, ClearingOutcome.RETURNED));
    }

    @Test
    void thatTheAccountRejectsNeedsAPerson() {
      bank.reject(CaptureHold.class, FROZEN);
      bank.publish(reported(ClearingOutcome.SETTLED, false));
      bank.runDueTasks();
      assertThat(bank.sent())
          .containsExactly(
              SETTLE,
              new RecordFailure(
                  PAYMENT,
                  PaymentStage.SETTLING,
                  "it is SETTLED, and the account rejected the booking: " + FROZEN.detail()));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void thatFailsIsRetriedAndUntilItsDeadlineNeedsAPerson() {
      bank.fail(CancelHold.class);
      bank.publish(reported(ClearingOutcome.REJECTED, false));
      bank.runDueTasks();
      assertThat(bank.sent()).containsExactly(CANCEL);
      bank.elapse(ACCOUNT_WITHIN);
      assertThat(bank.sent())
          .startsWith(CANCEL)
          .contains(
              new RecordFailure(
                  PAYMENT, PaymentStage.REJECTING, "no result from the account: out of order"));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void thatIsRecordedTooLateForThePaymentIsNotRepeated() {
      bank.reject(RecordBooking.class, new Rejection.Unknown("payment"));
      bank.publish(reported(ClearingOutcome.SETTLED, false));
      bank.runDueTasks();
      assertThat(bank.scheduled()).isEmpty();
    }
  }

  @Nested
  class RetryByAPerson {
    @ParameterizedTest
    @EnumSource(PaymentStage.class)
    void schedulesTheTaskOfThePaymentsStageAndNoOther(PaymentStage stage) {
      bank.publish(new RetryRequested(PAYMENT, terms, stage, outcome(stage), false, null));
      assertThat(bank.scheduled())
          .isEqualTo(
              switch (stage) {
                case REQUESTED -> Map.of("hold-for-payment", NOON);
                case HELD -> Map.of("submit-payment", NOON);
                case SUBMITTED -> Map.of("inquire-payment", NOON);
                case SETTLING, REJECTING, RETURNING -> Map.of("book-payment", NOON);
                case SETTLED, REJECTED, RETURNED -> Map.of();
              });
    }

    private static @Nullable ClearingOutcome outcome(PaymentStage stage) {
      return switch (stage) {
        case SETTLING -> ClearingOutcome.SETTLED;
        case REJECTING -> ClearingOutcome.REJECTED;
        case RETURNING -> ClearingOutcome.RETURNED;
        default -> null;
      };
    }
  }

  @Nested
  class StoredTask {
    @Test
    void ofTheFirstVersionIsExecuted() {
      String data =
          """
          {"correlation":"c1","terms":{"from":"%s","amount":{"amount":"12.50","currency":"EUR"},
           "creditor":"clear:Y3VzdC0x:{}","reference":"","hold":"%s","capture":"%s","comeback":"%s"},
           "until":null,"outcome":null,"booked":false}
          """
              .formatted(ACCOUNT, HOLD, CAPTURE, RETURN);
      bank.jobs()
          .schedule(PaymentHoldPolicy.HOLD.instance(PAYMENT.toString()).data(data).build(), NOON);
      bank.runDueTasks();
      assertThat(bank.sent()).contains(new RecordHold(PAYMENT));
    }

    @Test
    void thatCantBeReadNeedsAPersonAfterManyFailures() {
      bank.jobs()
          .schedule(PaymentHoldPolicy.HOLD.instance(PAYMENT + "/1").data("no JSON").build(), NOON);
      for (int i = 0; i < 200 && !bank.scheduled().isEmpty(); i++) {
        bank.elapse(Duration.ofSeconds(30));
      }
      assertThat(bank.sent())
          .singleElement()
          .isInstanceOfSatisfying(
              RecordFailure.class,
              trouble -> assertThat(trouble.during()).isEqualTo(PaymentStage.REQUESTED));
    }
  }

  private OutcomeReported reported(ClearingOutcome outcome, boolean booked) {
    return new OutcomeReported(PAYMENT, terms, outcome, booked, null);
  }

  private static String standing(String state) {
    return "{\"state\":\"%s\",\"reference\":\"%s\",\"reason\":\"as reported\"}"
        .formatted(state, PAYMENT.uuid());
  }
}
