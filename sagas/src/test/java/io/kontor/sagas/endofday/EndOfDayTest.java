package io.kontor.sagas.endofday;

import static io.kontor.sagas.PolicyFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.BookFee;
import io.kontor.api.account.AccountCommand.BookInterest;
import io.kontor.api.account.AccountId;
import io.kontor.api.endofday.AccountTerms;
import io.kontor.api.endofday.BankDayCommand.CloseBankDay;
import io.kontor.api.endofday.BankDayEvent.BankDayClosed;
import io.kontor.api.endofday.BankDayEvent.BankDayOpened;
import io.kontor.api.endofday.BankDayEvent.EndOfDayRequested;
import io.kontor.api.endofday.BankDayId;
import io.kontor.api.endofday.BookedTotals;
import io.kontor.api.endofday.ClosingBalance;
import io.kontor.api.endofday.DayCount;
import io.kontor.api.endofday.EndOfDayFigures;
import io.kontor.api.endofday.EndOfDayQuery.CountAccounts;
import io.kontor.api.endofday.EndOfDayQuery.FindBookedTotals;
import io.kontor.api.endofday.EndOfDayQuery.FindClosingBalances;
import io.kontor.api.endofday.FeeRhythm;
import io.kontor.api.endofday.InterestRate;
import io.kontor.api.money.Money;
import io.kontor.job.RetryLaterException;
import io.kontor.job.queue.JobAdministration;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobQueueProperties;
import io.kontor.job.queue.JobRecord;
import io.kontor.job.queue.JobState;
import io.kontor.job.queue.JobWorkers;
import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLostException;
import io.kontor.lock.postgres.PostgresLeaseLock;
import io.kontor.sagas.PolicyFixture;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.QueryGateway;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.queryhandling.annotation.AnnotationQueryHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The end of bank days, run in a real database over accounts that accept what is booked. */
class EndOfDayTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final LocalDate JANUARY_30 = LocalDate.parse("2026-01-30");
  private static final LocalDate JANUARY_31 = LocalDate.parse("2026-01-31");
  private static final LocalDate FEBRUARY_1 = LocalDate.parse("2026-02-01");
  private static final BankDayId BANK = BankDayId.of(ACME);
  private static final UUID JOB = new UUID(5, 5);
  private static final UUID ADA = account(1);
  private static final UUID OVERDRAWN = account(1_000_000);

  /** 1,234.56 EUR earn 2.54 cents a day. */
  private static final Money BALANCE = Money.of("1234.56", "EUR");

  private final PolicyFixture bank = new PolicyFixture();
  private final JobQueue queue = new JobQueue(bank.worker(), new JsonMapper(), () -> {});
  private final JobAdministration jobs = new JobAdministration(bank.worker());
  private final PostgresLeaseLock locks = new PostgresLeaseLock(bank.worker());
  private final EndOfDayStore store = new EndOfDayStore(bank.worker());
  private final List<UUID> accounts = new ArrayList<>(List.of(ADA));
  private final EndOfDayRun run = new EndOfDayRun(store, balances(), bank.commands());
  private final EndOfDayPolicy policy = new EndOfDayPolicy(store, queue);
  private final List<BookedTotals> booked = new ArrayList<>();
  private final List<UUID> asked = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private @Nullable AccountTerms terms = terms("0.75", "0.00");

  @AfterEach
  void close() {
    bank.close();
  }

  @Test
  void aDayAccruesAndBooksNothingBeforeTheMonthEnds() {
    open(JANUARY_30);
    assertThat(runs()).isEqualTo(new EndOfDayFigures(1, 0, 0));
    assertThat(stored()).extracting(Stored::accrued).containsExactly(hundredths(254));
    assertThat(bank.sent())
        .containsExactly(new CloseBankDay(BANK, JANUARY_30, new EndOfDayFigures(1, 0, 0)));
  }

  @Test
  void postingsAreNotReadOfAccountsWithoutConditions() {
    terms = null;
    open(JANUARY_30);
    assertThat(runs()).isEqualTo(EndOfDayFigures.NONE);
    assertThat(asked).isEmpty();
    terms = terms("0.75", "0.00");
    open(JANUARY_31);
    runs();
    assertThat(asked).containsExactly(ADA);
  }

  /**
   * 2.54 + 2.54 = 5.08 cents: 5 are booked and 0.08 stay; with the next month's 71.12 they are
   * 76.20.
   */
  @Test
  void aMonthBooksWholeCentsAndTheRestStays() {
    open(JANUARY_30);
    runs();
    open(JANUARY_31);
    assertThat(runs()).isEqualTo(new EndOfDayFigures(1, 1, 0));
    assertThat(interest()).containsExactly(interest(JANUARY_31, "0.05"));
    FEBRUARY_1
        .datesUntil(LocalDate.parse("2026-03-01"))
        .forEach(
            day -> {
              open(day);
              runs();
            });
    assertThat(interest()).containsExactly(interest(LocalDate.parse("2026-02-28"), "0.76"));
    assertThat(stored()).extracting(Stored::accrued).containsExactly(hundredths(7_620));
  }

  @Test
  void aFeeIsBookedAfterTheInterestOfItsMonth() {
    terms = terms("0.75", "2.90");
    open(JANUARY_31);
    runs();
    assertThat(bank.sent())
        .containsExactly(
            interest(JANUARY_31, "0.03"),
            fee(JANUARY_31, "2.90"),
            new CloseBankDay(BANK, JANUARY_31, new EndOfDayFigures(1, 1, 0)));
  }

  @Test
  void whatAnAccountCannotPayStaysOwedUntilItCan() {
    terms = terms("0.00", "2.90");
    Money none = Money.of("0.00", "EUR");
    bank.reject(
        BookFee.class, new Rejection.InsufficientFunds(new AccountId(ACME, ADA), none, none));
    open(JANUARY_31);
    assertThat(runs()).isEqualTo(new EndOfDayFigures(1, 0, 1));
    bank.recover(BookFee.class);
    bank.sent();
    open(LocalDate.parse("2026-02-28"));
    assertThat(runs()).isEqualTo(new EndOfDayFigures(1, 1, 0));
    assertThat(bank.sent()).contains(fee(LocalDate.parse("2026-02-28"), "5.80"));
  }

  @Test
  void anOverdrawnAccountOwesInterest() {
    accounts.clear();
    accounts.add(OVERDRAWN);
    open(JANUARY_31);
    runs();
    // 1,234.56 EUR at 9.90 %: 33.485326 cents
    assertThat(stored()).extracting(Stored::accrued).containsExactly(hundredths(-3_349));
    assertThat(bank.sent())
        .filteredOn(BookInterest.class::isInstance)
        .extracting(command -> ((BookInterest) command).total())
        .containsExactly(Money.of("-0.33", "EUR"));
  }

  /** The events of an imported bank have bookings, and it has no accruals. */
  @Test
  void anAccountWithoutAccrualsGoesOnFromWhatIsBooked() {
    terms = terms("0.75", "2.90");
    booked.add(new BookedTotals(ADA, 700, 870));
    open(JANUARY_31);
    runs();
    assertThat(bank.sent()).contains(interest(JANUARY_31, "7.03"), fee(JANUARY_31, "11.60"));
    booked.clear();
    open(FEBRUARY_1);
    runs();
    assertThat(stored()).extracting(Stored::accrued).containsExactly(hundredths(70_508));
  }

  @Test
  void aRunThatIsDoneOnlyClosesItsDayAgain() {
    open(JANUARY_31);
    runs();
    bank.sent();
    runs();
    assertThat(bank.sent())
        .containsExactly(new CloseBankDay(BANK, JANUARY_31, new EndOfDayFigures(1, 1, 0)));
    assertThat(stored()).extracting(Stored::accrued).containsExactly(hundredths(254));
  }

  /** The second page has no conditions, so that nothing of it is booked. */
  @Test
  void progressCountsTheAccountsThatAreLeft() {
    accounts.clear();
    IntStream.range(1, 1_501).mapToObj(EndOfDayTest::account).forEach(accounts::add);
    open(JANUARY_31);
    assertThatThrownBy(() -> runsUntil(1_000)).hasMessage("killed");
    terms = null;
    runs();
    assertThat(progress)
        .containsExactly(
            "1000 of 1500 accounts accrued",
            "1500 of 1500 accounts accrued",
            "256 of 1000 accounts booked",
            "512 of 1000 accounts booked",
            "768 of 1000 accounts booked",
            "1000 of 1000 accounts booked");
  }

  /** 2,500 accounts are three pages of accruals and ten of bookings. */
  @Test
  void aRunThatDiesBetweenTwoPagesGoesOnWhereItWas() {
    accounts.clear();
    IntStream.range(1, 2_501).mapToObj(EndOfDayTest::account).forEach(accounts::add);
    open(JANUARY_31);
    for (long stopAt : new long[] {1_000, 2_000, 256, 1_024}) {
      assertThatThrownBy(() -> runsUntil(stopAt)).hasMessage("killed");
    }
    assertThat(runs()).isEqualTo(new EndOfDayFigures(2_500, 2_500, 0));
    assertThat(stored()).hasSize(2_500).extracting(Stored::accrued).containsOnly(hundredths(254));
    assertThat(stored()).extracting(Stored::interestBooked).containsOnly(3L);
  }

  /** The account finds that it was booked: the same total of the same period. */
  @Test
  void aBookingWithoutAResultIsSentAgainUnchanged() {
    open(JANUARY_31);
    bank.fail(BookInterest.class);
    assertThatThrownBy(this::runs).isInstanceOf(RetryLaterException.class);
    bank.recover(BookInterest.class);
    runs();
    assertThat(interest())
        .containsExactly(interest(JANUARY_31, "0.03"), interest(JANUARY_31, "0.03"));
  }

  @Test
  void aHolderWhoseLeaseIsOverWritesNothing() {
    open(JANUARY_31);
    Lease stale = lease();
    OpenDay asItWas = find();
    stale.release();
    Lease successor = lease();
    var accrual = new Accrual(ADA, "EUR", 254, 0, new BookedTotals(ADA, 0, 0));
    assertThatThrownBy(() -> as(() -> store.accrue(stale, asItWas, List.of(accrual), ADA)))
        .isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> as(() -> store.begin(stale, asItWas, EndOfDayStep.CLOSING)))
        .isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> runsUnder(stale, Long.MAX_VALUE))
        .isInstanceOf(LeaseLostException.class);
    assertThat(stored()).isEmpty();
    assertThat(find()).isEqualTo(asItWas);
    runsUnder(successor, Long.MAX_VALUE);
    assertThat(stored()).hasSize(1);
  }

  @Test
  void anOpenDayHasOneJobAtItsEndAndTheNextFollows() {
    policy.on(new BankDayOpened(BANK, JANUARY_30, "UTC", end(JANUARY_30)));
    policy.on(new EndOfDayRequested(BANK, JANUARY_30, end(JANUARY_30)));
    assertThat(waiting()).extracting(JobRecord::runAt).containsExactly(end(JANUARY_30));
    policy.on(closed(JANUARY_30));
    assertThat(waiting())
        .extracting(JobRecord::runAt)
        .containsExactlyInAnyOrder(end(JANUARY_30), end(JANUARY_31));
    assertThat(find().day()).isEqualTo(JANUARY_31);
  }

  /** The job of a day that is closed does nothing. */
  @Test
  void daysThatWereMissedAreMadeUpInOrder() {
    JobWorkers node = node();
    node.start();
    policy.on(new BankDayOpened(BANK, JANUARY_30, "UTC", end(JANUARY_30)));
    awaitClosed(1);
    policy.on(closed(JANUARY_30));
    awaitClosed(2);
    policy.on(new EndOfDayRequested(BANK, JANUARY_30, end(JANUARY_30)));
    policy.on(closed(JANUARY_31));
    awaitClosed(4);
    node.stop();
    assertThat(bank.sent())
        .filteredOn(CloseBankDay.class::isInstance)
        .extracting(command -> ((CloseBankDay) command).day())
        .containsExactly(JANUARY_30, JANUARY_31, FEBRUARY_1);
    assertThat(stored()).extracting(Stored::accrued).containsExactly(hundredths(762));
  }

  @Test
  void aDayThatIsNotOverWaits() {
    LocalDate day = LocalDate.parse("2999-01-01");
    policy.on(new BankDayOpened(BANK, day, "UTC", end(day)));
    jobs.retry(waiting().getFirst().id(), "ann");
    JobWorkers node = node();
    node.start();
    awaitClosed(1);
    node.stop();
    assertThat(waiting()).extracting(JobRecord::runAt).containsExactly(end(day));
    assertThat(bank.sent()).isEmpty();
  }

  private void open(LocalDate day) {
    store.open(ACME, day, end(day));
  }

  private EndOfDayFigures runs() {
    return runsUntil(Long.MAX_VALUE);
  }

  private EndOfDayFigures runsUntil(long stopAt) {
    try (Lease lease = lease()) {
      return runsUnder(lease, stopAt);
    }
  }

  private EndOfDayFigures runsUnder(Lease lease, long stopAt) {
    return TenantContext.call(
        ACME,
        () -> {
          try {
            return run.run(
                ACME,
                JOB,
                store.find().orElseThrow(),
                lease,
                (done, total, message) -> {
                  progress.add("%d of %d %s".formatted(done, total, message));
                  if (done == stopAt) {
                    throw new IllegalStateException("killed");
                  }
                });
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private Lease lease() {
    try {
      return locks
          .tryAcquire("end-of-day/acme", Duration.ofSeconds(30), Duration.ofSeconds(30))
          .orElseThrow();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private OpenDay find() {
    return TenantContext.call(ACME, () -> store.find().orElseThrow());
  }

  private List<Stored> stored() {
    DataSource worker = bank.worker();
    JdbcClient sql = JdbcClient.create(worker);
    return TenantContext.call(
        ACME,
        () ->
            new TenantTransactions(worker)
                .read(
                    () ->
                        sql.sql("select accrued, interest_booked from kontor.interest_accrual")
                            .query(
                                (row, number) -> new Stored(row.getBigDecimal(1), row.getLong(2)))
                            .list()));
  }

  private record Stored(BigDecimal accrued, long interestBooked) {}

  private static void as(Runnable work) {
    TenantContext.run(ACME, work);
  }

  private List<Object> interest() {
    return bank.sent().stream().filter(BookInterest.class::isInstance).toList();
  }

  private JobWorkers node() {
    return new JobWorkers(
        bank.worker(),
        List.of(new EndOfDayJob(store, run, locks, queue)),
        new JobQueueProperties(2, Duration.ofDays(30), Duration.ofSeconds(10)),
        List.of(),
        new JsonMapper());
  }

  private void awaitClosed(int number) {
    await()
        .atMost(LIMIT)
        .until(() -> jobs.list(JobState.COMPLETED, null, null, 10).size() == number);
  }

  private List<JobRecord> waiting() {
    return jobs.list(JobState.WAITING, null, null, 10);
  }

  /** All accounts have the same balance, but for the one that is overdrawn by as much. */
  private QueryGateway balances() {
    var bus = SimpleQueryBus.builder().build();
    new AnnotationQueryHandlerAdapter<>(new Balances()).subscribe(bus);
    return DefaultQueryGateway.builder().queryBus(bus).build();
  }

  final class Balances {
    @QueryHandler
    Long handle(CountAccounts query) {
      return rest(query.after()).count();
    }

    @QueryHandler
    List<BookedTotals> handle(FindBookedTotals query) {
      asked.addAll(query.accounts());
      return booked.stream().filter(totals -> query.accounts().contains(totals.account())).toList();
    }

    @QueryHandler
    List<ClosingBalance> handle(FindClosingBalances query) {
      return rest(query.after())
          .limit(query.limit())
          .map(account -> new ClosingBalance(account, balance(account), terms))
          .toList();
    }

    private Stream<UUID> rest(@Nullable UUID after) {
      return accounts.stream().filter(account -> after == null || account.compareTo(after) > 0);
    }

    private Money balance(UUID account) {
      return account.equals(OVERDRAWN) ? BALANCE.times(-1) : BALANCE;
    }
  }

  private static BankDayClosed closed(LocalDate day) {
    LocalDate next = day.plusDays(1);
    return new BankDayClosed(BANK, day, EndOfDayFigures.NONE, next, "UTC", end(next));
  }

  private static Object interest(LocalDate period, String total) {
    return new BookInterest(
        new AccountId(ACME, ADA),
        BookInterest.entryOf(ADA, period),
        period,
        Money.of(total, "EUR"),
        "interest " + period.toString().substring(0, 7));
  }

  private static Object fee(LocalDate period, String total) {
    return new BookFee(
        new AccountId(ACME, ADA),
        BookFee.entryOf(ADA, period),
        period,
        Money.of(total, "EUR"),
        "fees " + period.toString().substring(0, 7));
  }

  private static BigDecimal hundredths(long number) {
    return BigDecimal.valueOf(number);
  }

  private static AccountTerms terms(String rate, String fee) {
    return new AccountTerms(
        InterestRate.parse(rate),
        InterestRate.parse("9.90"),
        DayCount.ACT_365,
        Money.of(fee, "EUR"),
        FeeRhythm.MONTHLY);
  }

  private static Instant end(LocalDate day) {
    return day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private static UUID account(int number) {
    return new UUID(7, number);
  }
}
