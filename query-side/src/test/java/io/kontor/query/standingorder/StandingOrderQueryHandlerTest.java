package io.kontor.query.standingorder;

import static io.kontor.query.BranchOffice.OPENING;
import static io.kontor.query.BranchOffice.as;
import static io.kontor.query.BranchOffice.euro;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountId;
import io.kontor.api.payment.PaymentDetails.CreditorDetails;
import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.ExecutionOutcome;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.Schedule;
import io.kontor.api.standingorder.StandingOrderDetails;
import io.kontor.api.standingorder.StandingOrderDetails.Execution;
import io.kontor.api.standingorder.StandingOrderDetails.NextExecution;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionFailed;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionPostponed;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderCancelled;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderCreated;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderExecuted;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderPaused;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderResumed;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.api.standingorder.StandingOrderQuery.FindStandingOrder;
import io.kontor.api.standingorder.StandingOrderQuery.FindStandingOrders;
import io.kontor.api.standingorder.StandingOrderStatus;
import io.kontor.api.standingorder.StandingOrderTerms;
import io.kontor.personaldata.SealedText;
import io.kontor.query.BranchOffice;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class StandingOrderQueryHandlerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final BranchOffice OFFICE = new BranchOffice();
  private static final Schedule SCHEDULE =
      new Schedule(
          LocalDate.parse("2027-01-31"),
          Rhythm.MONTHLY,
          31,
          null,
          12,
          BusinessDayRule.MODIFIED_FOLLOWING,
          "TARGET");
  private static final PlannedExecution JANUARY = planned(1, "2027-01-31", "2027-01-29");
  private static final PlannedExecution FEBRUARY = planned(2, "2027-02-28", "2027-02-26");
  private static final PlannedExecution MARCH = planned(3, "2027-03-31", "2027-03-31");

  private final StandingOrderQueryHandler queries =
      new StandingOrderQueryHandler(
          OFFICE.transactions, OFFICE.sql, OFFICE.personalData, new JsonMapper());
  private final UUID account = UUID.randomUUID();
  private final UUID receiver = UUID.randomUUID();

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Test
  void anOrderHasItsTermsAndItsNextExecution() {
    StandingOrderDetails found = find(created("alice", false));
    assertThat(found.from()).isEqualTo(account);
    assertThat(found.to()).isEqualTo(receiver);
    assertThat(found.creditor()).isNull();
    assertThat(found.amount()).isEqualTo(euro("850.00"));
    assertThat(found.reference()).isEqualTo("rent");
    assertThat(found.schedule()).isEqualTo(SCHEDULE);
    assertThat(found.status()).isEqualTo(StandingOrderStatus.ACTIVE);
    assertThat(found.next()).isEqualTo(new NextExecution(JANUARY.dueDate(), JANUARY.valueDate()));
    assertThat(found.createdAt()).isEqualTo(OPENING);
    assertThat(found.history()).isEmpty();
  }

  @Test
  void whatCameOfItsDueDatesIsShownLatestFirst() {
    StandingOrderId order = created("alice", false);
    Instant later = OPENING.plus(Duration.ofDays(1));
    UUID transfer = UUID.randomUUID();
    OFFICE.recorded(1, order, new ExecutionPostponed(order, JANUARY, 1, later, "no money"));
    OFFICE.recorded(2, order, new ExecutionFailed(order, JANUARY, "still none", FEBRUARY));
    OFFICE.recorded(3, order, new StandingOrderExecuted(order, FEBRUARY, transfer, MARCH));
    StandingOrderDetails found = find(order);
    assertThat(found.history())
        .containsExactly(
            tried(3, FEBRUARY, ExecutionOutcome.EXECUTED, transfer, null, null),
            tried(2, JANUARY, ExecutionOutcome.FAILED, null, "still none", null),
            tried(1, JANUARY, ExecutionOutcome.POSTPONED, null, "no money", later));
    assertThat(found.next()).isEqualTo(new NextExecution(MARCH.dueDate(), MARCH.valueDate()));
    assertThat(found.version()).isEqualTo(3);
  }

  @Test
  void theStatusFollowsAPauseTheLastDueDateAndACancellation() {
    StandingOrderId order = created("alice", false);
    OFFICE.recorded(1, order, new StandingOrderPaused(order));
    assertThat(find(order).status()).isEqualTo(StandingOrderStatus.PAUSED);
    OFFICE.recorded(2, order, new StandingOrderResumed(order, MARCH));
    assertThat(find(order).next()).extracting(NextExecution::dueDate).isEqualTo(MARCH.dueDate());
    OFFICE.recorded(3, order, new StandingOrderExecuted(order, MARCH, UUID.randomUUID(), null));
    assertThat(find(order).status()).isEqualTo(StandingOrderStatus.ENDED);
    assertThat(find(order).next()).isNull();
    StandingOrderId cancelled = created("alice", false);
    OFFICE.recorded(1, cancelled, new StandingOrderCancelled(cancelled));
    assertThat(find(cancelled).status()).isEqualTo(StandingOrderStatus.CANCELLED);
    assertThat(list(StandingOrderStatus.CANCELLED, null)).containsExactly(cancelled.uuid());
  }

  @Test
  void aReceiverAtAnotherBankIsShownWithThePayments() {
    StandingOrderId order = created("alice", true);
    UUID payment = UUID.randomUUID();
    OFFICE.recorded(1, order, new StandingOrderExecuted(order, JANUARY, payment, FEBRUARY));
    StandingOrderDetails found = find(order);
    assertThat(found.creditor())
        .isEqualTo(new CreditorDetails("Charles", "DE89370400440532013000"));
    assertThat(found.to()).isNull();
    assertThat(found.history()).extracting(Execution::payment).containsExactly(payment);
    assertThat(found.history()).extracting(Execution::transfer).containsOnlyNulls();
  }

  @Test
  void aCustomerAndATenantFindTheirOwnOnly() {
    StandingOrderId own = created("alice", false);
    created("bob", false);
    assertThat(list(null, "alice")).containsExactly(own.uuid());
    assertThat(as(ACME, () -> queries.handle(new FindStandingOrder(own.uuid(), "bob")))).isEmpty();
    assertThat(as(GLOBEX, () -> queries.handle(new FindStandingOrder(own.uuid(), null)))).isEmpty();
  }

  private StandingOrderId created(String customer, boolean elsewhere) {
    var order = new StandingOrderId(ACME, IdGenerator.next());
    String creditor = "{\"name\":\"Charles\",\"iban\":\"DE89370400440532013000\"}";
    var terms =
        new StandingOrderTerms(
            new AccountId(ACME, account),
            elsewhere ? null : new AccountId(ACME, receiver),
            elsewhere ? SealedText.inTheClear(customer, creditor) : null,
            euro("850.00"),
            "rent",
            SCHEDULE);
    OFFICE.recorded(0, order, new StandingOrderCreated(order, customer, terms, JANUARY));
    return order;
  }

  private StandingOrderDetails find(StandingOrderId order) {
    return as(ACME, () -> queries.handle(new FindStandingOrder(order.uuid(), null))).orElseThrow();
  }

  private List<UUID> list(@Nullable StandingOrderStatus status, @Nullable String customer) {
    var query = new FindStandingOrders(account, status, customer, null, 10);
    return as(ACME, () -> queries.handle(query)).stream().map(StandingOrderDetails::id).toList();
  }

  private static Execution tried(
      int hour,
      PlannedExecution execution,
      ExecutionOutcome outcome,
      @Nullable UUID transfer,
      @Nullable String reason,
      @Nullable Instant retryAt) {
    return new Execution(
        execution.dueDate(),
        execution.valueDate(),
        OPENING.plus(Duration.ofHours(hour)),
        outcome,
        transfer,
        null,
        reason,
        retryAt);
  }

  private static PlannedExecution planned(int number, String dueDate, String valueDate) {
    return new PlannedExecution(
        number,
        LocalDate.parse(dueDate),
        LocalDate.parse(valueDate),
        Instant.parse(valueDate + "T06:00:00Z"));
  }
}
