package io.kontor.command.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.Schedule;
import io.kontor.api.standingorder.StandingOrderCommand;
import io.kontor.api.standingorder.StandingOrderCommand.CancelStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.CreateStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.ExecuteStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.PauseStandingOrder;
import io.kontor.api.standingorder.StandingOrderCommand.ResumeStandingOrder;
import io.kontor.api.standingorder.StandingOrderEvent;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionFailed;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionPostponed;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderExecuted;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderResumed;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.api.standingorder.StandingOrderResult;
import io.kontor.api.standingorder.StandingOrderStatus;
import io.kontor.api.standingorder.StandingOrderTerms;
import io.kontor.command.standingorder.ExecutionCalendar;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Due dates executed on the real store: what moves the money and its record are one append. */
@SpringBootTest(
    classes = CommandSideApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"axon.axonserver.enabled=false", "axon.timeout.enabled=false"})
class StandingOrderExecutionTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final Currency EUR = Currency.getInstance("EUR");
  private static final Schedule LAST_DAYS =
      new Schedule(
          LocalDate.parse("2027-01-31"),
          Rhythm.MONTHLY,
          31,
          null,
          14,
          BusinessDayRule.MODIFIED_FOLLOWING,
          "TARGET");

  @LocalServerPort private int port;
  @Autowired private CommandBus commands;
  @Autowired private EventStore events;
  @Autowired private ExecutionCalendar calendar;

  private final StandingOrderId order = new StandingOrderId(ACME, IdGenerator.next());
  private CommandApiClient teller;
  private AccountId from;
  private AccountId to;

  @BeforeEach
  void openAccounts() {
    teller = CommandApiClient.teller(port, "acme");
    from = new AccountId(ACME, UUID.fromString(teller.open("100.00")));
    to = new AccountId(ACME, UUID.fromString(teller.open("0.00")));
  }

  @Test
  void aYearOfMonthEndsIsExecutedOnTheBusinessDaysThatWereWorkedOutByHand() {
    StandingOrderResult result = create("1.00", to, LAST_DAYS);
    List<LocalDate> executed = new ArrayList<>();
    for (int number = 1; result.nextDate() != null; number++) {
      executed.add(result.nextDate());
      result = execute(LAST_DAYS.dueDate(number).orElseThrow());
    }
    assertThat(executed)
        .isEqualTo(
            Stream.of(
                    ("2027-01-29 2027-02-26 2027-03-31 2027-04-30 2027-05-31 2027-06-30 2027-07-30"
                            + " 2027-08-31 2027-09-30 2027-10-29 2027-11-30 2027-12-31 2028-01-31"
                            + " 2028-02-29")
                        .split(" ", -1))
                .map(LocalDate::parse)
                .toList());
    assertThat(result.status()).isEqualTo(StandingOrderStatus.ENDED);
    assertThat(of(to, TransferReceived.class)).hasSize(14);
  }

  @Test
  void manyWorkersExecuteADueDateOnce() throws Exception {
    create("1.00", to, LAST_DAYS);
    LocalDate dueDate = LAST_DAYS.first();
    try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<StandingOrderResult> work = () -> execute(dueDate);
      for (var done : workers.invokeAll(Collections.nCopies(16, work))) {
        assertThat(done.get().status()).isEqualTo(StandingOrderStatus.ACTIVE);
      }
    }
    assertThat(of(from, TransferSent.class))
        .extracting(TransferSent::transfer)
        .containsExactly(order.executionOn(dueDate));
    assertThat(of(StandingOrderExecuted.class)).hasSize(1);
  }

  @Test
  void aDueDateThatIsNotTheNextOneIsNotExecuted() {
    create("1.00", to, LAST_DAYS);
    execute(LocalDate.parse("2027-02-28"));
    assertThat(of(from, TransferSent.class)).isEmpty();
  }

  @Test
  void aLackOfFundsIsTriedAgainAndThenTheOrderGoesOn() {
    create("100.01", to, LAST_DAYS);
    LocalDate january = LAST_DAYS.first();
    execute(january);
    execute(january);
    assertThat(of(ExecutionPostponed.class))
        .extracting(ExecutionPostponed::tries)
        .containsExactly(1, 2);
    assertThat(of(ExecutionPostponed.class).getFirst().retryAt())
        .isEqualTo(at(january).plus(Duration.ofHours(4)));
    execute(january);
    ExecutionFailed failed = of(ExecutionFailed.class).getFirst();
    assertThat(failed.reason()).contains("100.00 EUR are available");
    assertThat(failed.next()).extracting(PlannedExecution::number).isEqualTo(2);
    assertThat(of(from, TransferSent.class)).isEmpty();

    teller.post(
        "/v1/accounts/%s/deposits".formatted(from.uuid()), CommandApiClient.movement("1.00"));
    execute(LocalDate.parse("2027-02-28"));
    assertThat(of(StandingOrderExecuted.class)).hasSize(1);
  }

  @Test
  void moneyThatComesInTimeIsSent() {
    create("100.01", to, LAST_DAYS);
    execute(LAST_DAYS.first());
    teller.post(
        "/v1/accounts/%s/deposits".formatted(from.uuid()), CommandApiClient.movement("1.00"));
    execute(LAST_DAYS.first());
    assertThat(of(StandingOrderExecuted.class))
        .extracting(executed -> executed.execution().valueDate())
        .containsExactly(LocalDate.parse("2027-01-29"));
  }

  @Test
  void aFrozenAccountFailsTheDueDateAtOnce() {
    create("1.00", to, LAST_DAYS);
    teller.post("/v1/accounts/%s/freeze".formatted(to.uuid()), "{'reason':'court order'}");
    execute(LAST_DAYS.first());
    assertThat(of(ExecutionFailed.class).getFirst().reason()).contains("is frozen");
    assertThat(of(from, TransferSent.class)).isEmpty();
  }

  @Test
  void aPaymentToAnotherBankIsRequestedWithItsMoneyHeld() {
    create("60.00", null, LAST_DAYS);
    execute(LAST_DAYS.first());
    UUID payment = order.executionOn(LAST_DAYS.first());
    var requested = (PaymentRequested) stream(ACME + "/" + payment).getFirst();
    assertThat(requested.terms().amount()).isEqualTo(Money.of("60.00", "EUR"));
    assertThat(of(from, HoldPlaced.class))
        .extracting(HoldPlaced::hold)
        .containsExactly(requested.terms().hold());

    execute(LocalDate.parse("2027-02-28"));
    assertThat(of(ExecutionPostponed.class)).hasSize(1);
    assertThat(stream(ACME + "/" + order.executionOn(LocalDate.parse("2027-02-28")))).isEmpty();
  }

  @Test
  void whatIsDueDuringAPauseIsLeftOut() {
    create("1.00", to, LAST_DAYS);
    send(new PauseStandingOrder(order, null), at(LAST_DAYS.first()));
    execute(LAST_DAYS.first());
    assertThat(of(from, TransferSent.class)).isEmpty();
    var resumed = send(new ResumeStandingOrder(order, null), Instant.parse("2027-03-31T23:00:00Z"));
    assertThat(resumed.nextDate()).isEqualTo(LocalDate.parse("2027-03-31"));
    execute(LocalDate.parse("2027-03-31"));
    assertThat(of(from, TransferSent.class)).hasSize(1);
  }

  @Test
  void anOrderWhoseDatesHaveAllPassedEndsWhenItIsResumed() {
    create("1.00", to, LAST_DAYS);
    send(new PauseStandingOrder(order, null), at(LAST_DAYS.first()));
    var resumed = send(new ResumeStandingOrder(order, null), Instant.parse("2030-01-01T00:00:00Z"));
    assertThat(resumed.status()).isEqualTo(StandingOrderStatus.ENDED);
    assertThat(of(StandingOrderResumed.class)).hasSize(1);
  }

  @Test
  void aCancelledOrderIsNotExecuted() {
    create("1.00", to, LAST_DAYS);
    send(new CancelStandingOrder(order, null), at(LAST_DAYS.first()));
    send(new CancelStandingOrder(order, null), at(LAST_DAYS.first()));
    assertThat(execute(LAST_DAYS.first()).status()).isEqualTo(StandingOrderStatus.CANCELLED);
    assertThat(of(from, TransferSent.class)).isEmpty();
    assertThat(stream(order.toString())).hasSize(2);
  }

  private StandingOrderResult create(String amount, @Nullable AccountId receiver, Schedule dates) {
    SealedText creditor = receiver == null ? SealedText.inTheClear("cust-42", "{}") : null;
    var terms =
        new StandingOrderTerms(from, receiver, creditor, Money.of(amount, "EUR"), "rent", dates);
    PlannedExecution first = calendar.execution(dates, 1).orElseThrow();
    return send(
        new CreateStandingOrder(order, "cust-42", EUR, receiver == null ? null : EUR, terms, first),
        first.at());
  }

  /** Sends what a job sends, at the time at which it is due. */
  private StandingOrderResult execute(LocalDate dueDate) {
    var command =
        new ExecuteStandingOrder(
            order, dueDate, IdGenerator.next(), IdGenerator.next(), IdGenerator.next());
    return send(command, at(dueDate));
  }

  private static Instant at(LocalDate day) {
    return Instant.parse(day + "T06:00:00Z");
  }

  private StandingOrderResult send(StandingOrderCommand command, Instant now) {
    var message =
        new GenericCommandMessage<>(command, Map.of(MessageMetadata.SENT_AT, now.toString()));
    var result = new FutureCallback<StandingOrderCommand, StandingOrderResult>();
    TenantContext.run(ACME, () -> commands.dispatch(message, result));
    assertThat(result.getResult().optionalExceptionResult()).isEmpty();
    return result.getResult().getPayload();
  }

  private <E extends StandingOrderEvent> List<E> of(Class<E> type) {
    return stream(order.toString()).stream().filter(type::isInstance).map(type::cast).toList();
  }

  private <E extends AccountEvent> List<E> of(AccountId account, Class<E> type) {
    return stream(account.toString()).stream().filter(type::isInstance).map(type::cast).toList();
  }

  private List<Object> stream(String id) {
    return TenantContext.call(
        ACME,
        () -> events.readEvents(id).asStream().<Object>map(event -> event.getPayload()).toList());
  }
}
