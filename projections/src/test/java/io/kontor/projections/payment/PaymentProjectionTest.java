package io.kontor.projections.payment;

import static io.kontor.projections.tables.Tables.PAYMENT;
import static io.kontor.projections.tables.Tables.PAYMENT_HAPPENING;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.api.payment.ClearingOutcome;
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
import io.kontor.projections.ProjectedRows;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PaymentProjectionTest {
  private final ProjectedRows<PaymentEvent> rows =
      new ProjectedRows<>(new PaymentProjection(), PaymentEvent::payment);
  private final PaymentId payment = new PaymentId(rows.tenant, UUID.randomUUID());
  private final PaymentTerms terms =
      new PaymentTerms(
          new AccountId(rows.tenant, UUID.randomUUID()),
          Money.of("12.50", "EUR"),
          SealedText.inTheClear("cust-1", "{}"),
          "invoice 7",
          UUID.randomUUID(),
          UUID.randomUUID(),
          UUID.randomUUID());

  @BeforeEach
  void request() {
    rows.happen(new PaymentRequested(payment, "cust-1", terms));
  }

  @Test
  void aRequestedPaymentHasItsTerms() {
    assertThat(
            rows.only(
                PAYMENT,
                PAYMENT.PAYMENT_ID,
                PAYMENT.FROM_ACCOUNT,
                PAYMENT.CUSTOMER,
                PAYMENT.CREDITOR,
                PAYMENT.AMOUNT,
                PAYMENT.CURRENCY,
                PAYMENT.REFERENCE,
                PAYMENT.REQUESTED_AT,
                PAYMENT.VERSION))
        .containsExactly(
            payment.uuid(),
            terms.from().uuid(),
            "cust-1",
            terms.creditor().stored(),
            1_250L,
            "EUR",
            "invoice 7",
            ProjectedRows.START,
            0L);
    assertState("REQUESTED", "", false);
    assertHistory(entry("REQUESTED", null));
  }

  @Nested
  class TheStatusThatThePayerSees {
    @Test
    void staysRequestedWhileTheMoneyIsOnlyHeld() {
      rows.happen(new MoneyHeld(payment, terms));
      assertState("REQUESTED", "", false);
      assertHistory(entry("REQUESTED", null));
    }

    @Test
    void isSubmittedOnceTheClearingHouseHasIt() {
      rows.happen(new MoneyHeld(payment, terms), new PaymentSubmitted(payment));
      assertState("SUBMITTED", "", false);
    }

    @Test
    void isSettledOnlyWhenTheSettlementIsBooked() {
      rows.happen(new PaymentSubmitted(payment), reported(ClearingOutcome.SETTLED));
      assertState("SUBMITTED", "", false);
      rows.happen(new PaymentSettled(payment));
      assertState("SETTLED", "", false);
      assertHistory(entry("REQUESTED", null), entry("SUBMITTED", null), entry("SETTLED", null));
    }

    @Test
    void isRejectedWithTheReason() {
      rows.happen(new PaymentRejected(payment, "no such account"));
      assertState("REJECTED", "no such account", false);
      assertHistory(entry("REQUESTED", null), entry("REJECTED", "no such account"));
    }

    @Test
    void isReturnedWithTheReasonOnceTheMoneyIsBack() {
      rows.happen(
          new PaymentSubmitted(payment),
          new PaymentSettled(payment),
          new ReturnAnnounced(payment, "account closed"));
      assertState("SETTLED", "", false);
      rows.happen(new PaymentReturned(payment, "account closed"));
      assertState("RETURNED", "account closed", false);
    }
  }

  @Nested
  class AttentionIsNeeded {
    @BeforeEach
    void noOutcomeCame() {
      rows.happen(
          new PaymentSubmitted(payment),
          new AttentionNeeded(payment, PaymentStatus.SUBMITTED, "no outcome"));
    }

    @Test
    void withTheReason() {
      assertState("SUBMITTED", "no outcome", true);
      assertHistory(
          entry("REQUESTED", null), entry("SUBMITTED", null), entry("SUBMITTED", "no outcome"));
    }

    @Test
    void alsoAfterAnAnnouncedReturn() {
      rows.happen(new ReturnAnnounced(payment, "account closed"));
      assertState("SUBMITTED", "no outcome", true);
    }

    @Test
    void untilAnOperatorRetries() {
      rows.happen(new RetryRequested(payment, terms, PaymentStage.SUBMITTED, null, false, null));
      assertState("SUBMITTED", "", false);
    }

    @Test
    void untilAnOperatorResolvesIt() {
      rows.happen(new AttentionEnded(payment, "asked the clearing house"));
      assertState("SUBMITTED", "asked the clearing house", false);
    }

    @Test
    void untilTheOutcomeArrives() {
      rows.happen(reported(ClearingOutcome.SETTLED));
      assertState("SUBMITTED", "", false);
    }
  }

  private OutcomeReported reported(ClearingOutcome outcome) {
    return new OutcomeReported(payment, terms, outcome, false, null);
  }

  private void assertState(String status, String reason, boolean needsAttention) {
    assertThat(rows.only(PAYMENT, PAYMENT.STATUS, PAYMENT.REASON, PAYMENT.NEEDS_ATTENTION))
        .containsExactly(status, reason, needsAttention);
  }

  private void assertHistory(Object... entries) {
    assertThat(rows.all(PAYMENT_HAPPENING, PAYMENT_HAPPENING.STATUS, PAYMENT_HAPPENING.REASON))
        .isEqualTo(Arrays.asList(entries));
  }

  private static List<Object> entry(String status, String reason) {
    return Arrays.asList(status, reason);
  }
}
