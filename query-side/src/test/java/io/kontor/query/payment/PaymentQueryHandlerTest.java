package io.kontor.query.payment;

import static io.kontor.query.BranchOffice.OPENING;
import static io.kontor.query.BranchOffice.as;
import static io.kontor.query.BranchOffice.euro;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountId;
import io.kontor.api.payment.PaymentDetails;
import io.kontor.api.payment.PaymentDetails.CreditorDetails;
import io.kontor.api.payment.PaymentDetails.Happening;
import io.kontor.api.payment.PaymentEvent.AttentionNeeded;
import io.kontor.api.payment.PaymentEvent.PaymentRejected;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.payment.PaymentEvent.PaymentSettled;
import io.kontor.api.payment.PaymentEvent.PaymentSubmitted;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentQuery.FindPayment;
import io.kontor.api.payment.PaymentQuery.FindPayments;
import io.kontor.api.payment.PaymentQuery.FindPaymentsAtRest;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.query.BranchOffice;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PaymentQueryHandlerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final String CREDITOR =
      "{\"name\":\"Charles\",\"iban\":\"DE89370400440532013000\"}";
  private static final BranchOffice OFFICE = new BranchOffice();

  private final PaymentQueryHandler queries =
      new PaymentQueryHandler(
          OFFICE.transactions, OFFICE.sql, OFFICE.personalData, new JsonMapper());
  private final UUID account = UUID.randomUUID();

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Nested
  class FindOnePayment {
    @Test
    void showsItsTerms() {
      PaymentId payment = requested("alice");
      PaymentDetails found = find(payment);
      assertThat(found.id()).isEqualTo(payment.uuid());
      assertThat(found.from()).isEqualTo(account);
      assertThat(found.creditor())
          .isEqualTo(new CreditorDetails("Charles", "DE89370400440532013000"));
      assertThat(found.amount()).isEqualTo(euro("12.50"));
      assertThat(found.reference()).isEqualTo("invoice 7");
      assertThat(found.status()).isEqualTo(PaymentStatus.REQUESTED);
      assertThat(found.reason()).isNull();
      assertThat(found.needsAttention()).isFalse();
      assertThat(found.requestedAt()).isEqualTo(OPENING);
    }

    @Test
    void showsItsHistoryOldestFirst() {
      PaymentId payment = requested("alice");
      OFFICE.recorded(1, payment, new PaymentSubmitted(payment));
      OFFICE.recorded(2, payment, new PaymentRejected(payment, "no such account"));

      PaymentDetails found = find(payment);
      assertThat(found.reason()).isEqualTo("no such account");
      assertThat(found.version()).isEqualTo(2);
      assertThat(found.history())
          .containsExactly(
              new Happening(OPENING, PaymentStatus.REQUESTED, null),
              new Happening(OPENING.plus(Duration.ofHours(1)), PaymentStatus.SUBMITTED, null),
              new Happening(
                  OPENING.plus(Duration.ofHours(2)), PaymentStatus.REJECTED, "no such account"));
    }

    @Test
    void findsACustomersOwnPaymentsOnly() {
      PaymentId payment = requested("alice");
      assertThat(as(ACME, () -> queries.handle(new FindPayment(payment.uuid(), "alice"))))
          .isPresent();
      assertThat(as(ACME, () -> queries.handle(new FindPayment(payment.uuid(), "bob")))).isEmpty();
    }

    @Test
    void hidesTheCreditorOnceThePayerIsForgotten() {
      PaymentId payment = requested("erased");
      PersonalDataService personalData = OFFICE.personalData;
      as(
          ACME,
          () -> {
            personalData.forget("erased", personalData.keyOf("erased"));
            return payment;
          });
      assertThat(find(payment).creditor())
          .isEqualTo(
              new CreditorDetails(PersonalDataService.FORGOTTEN, PersonalDataService.FORGOTTEN));
    }

    @Test
    void findsNoOtherTenantsPayment() {
      PaymentId payment = requested("alice");
      assertThat(as(GLOBEX, () -> queries.handle(new FindPayment(payment.uuid(), null)))).isEmpty();
    }
  }

  @Nested
  class FindPaymentsOfAnAccount {
    @Test
    void listsThemNewestFirstPageByPage() {
      PaymentId first = requested("alice");
      PaymentId second = requested("alice");
      PaymentId third = requested("alice");
      assertThat(list(null, null, null, null, 2)).containsExactly(third.uuid(), second.uuid());
      assertThat(list(null, null, null, second.uuid(), 2)).containsExactly(first.uuid());
    }

    @Test
    void listsThoseOfOneStatus() {
      requested("alice");
      PaymentId settled = requested("alice");
      OFFICE.recorded(1, settled, new PaymentSubmitted(settled), new PaymentSettled(settled));
      assertThat(list(PaymentStatus.SETTLED, null, null, null, 10)).containsExactly(settled.uuid());
    }

    @Test
    void listsThoseThatNeedAttention() {
      PaymentId healthy = requested("alice");
      PaymentId waiting = requested("alice");
      OFFICE.recorded(
          1, waiting, new AttentionNeeded(waiting, PaymentStatus.REQUESTED, "no outcome"));
      assertThat(list(null, true, null, null, 10)).containsExactly(waiting.uuid());
      assertThat(list(null, false, null, null, 10)).containsExactly(healthy.uuid());
    }

    @Test
    void listsACustomersOwn() {
      PaymentId own = requested("alice");
      requested("bob");
      assertThat(list(null, null, "alice", null, 10)).containsExactly(own.uuid());
    }

    private List<UUID> list(
        PaymentStatus status, Boolean needsAttention, String customer, UUID before, int limit) {
      var query = new FindPayments(account, status, needsAttention, customer, before, limit);
      return as(ACME, () -> queries.handle(query)).stream().map(PaymentDetails::id).toList();
    }
  }

  @Nested
  class FindPaymentsThatAreAtRest {
    @Test
    void returnsThoseInWhichNothingMoreHappensByItself() {
      PaymentId running = requested("alice");
      PaymentId settled = requested("alice");
      OFFICE.recorded(1, settled, new PaymentSettled(settled));
      PaymentId rejected = requested("bob");
      OFFICE.recorded(1, rejected, new PaymentRejected(rejected, null));

      Set<UUID> asked = Set.of(running.uuid(), settled.uuid(), rejected.uuid());
      assertThat(as(ACME, () -> queries.handle(new FindPaymentsAtRest(asked))))
          .containsExactlyInAnyOrder(settled.uuid(), rejected.uuid());
      assertThat(as(GLOBEX, () -> queries.handle(new FindPaymentsAtRest(asked)))).isEmpty();
    }
  }

  private PaymentId requested(String customer) {
    PaymentId payment = new PaymentId(ACME, IdGenerator.next());
    OFFICE.recorded(
        0,
        payment,
        new PaymentRequested(
            payment,
            customer,
            new PaymentTerms(
                new AccountId(ACME, account),
                euro("12.50"),
                SealedText.inTheClear(customer, CREDITOR),
                "invoice 7",
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID())));
    return payment;
  }

  private PaymentDetails find(PaymentId payment) {
    return as(ACME, () -> queries.handle(new FindPayment(payment.uuid(), null))).orElseThrow();
  }
}
