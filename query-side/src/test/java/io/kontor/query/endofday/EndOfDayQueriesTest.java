package io.kontor.query.endofday;

import static io.kontor.query.BranchOffice.OPENING;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountEvent.AccountClosed;
import io.kontor.api.account.AccountEvent.FeeBooked;
import io.kontor.api.account.AccountEvent.InterestBooked;
import io.kontor.api.account.AccountId;
import io.kontor.api.endofday.AccountTerms;
import io.kontor.api.endofday.BankDayDetails;
import io.kontor.api.endofday.BankDayDetails.ClosedDay;
import io.kontor.api.endofday.BankDayEvent.BankDayClosed;
import io.kontor.api.endofday.BankDayEvent.BankDayOpened;
import io.kontor.api.endofday.BankDayId;
import io.kontor.api.endofday.BookedTotals;
import io.kontor.api.endofday.ClosingBalance;
import io.kontor.api.endofday.ConditionsDetails;
import io.kontor.api.endofday.ConditionsId;
import io.kontor.api.endofday.ConditionsSet;
import io.kontor.api.endofday.DayCount;
import io.kontor.api.endofday.EndOfDayFigures;
import io.kontor.api.endofday.EndOfDayQuery.CountAccounts;
import io.kontor.api.endofday.EndOfDayQuery.FindBankDay;
import io.kontor.api.endofday.EndOfDayQuery.FindBookedTotals;
import io.kontor.api.endofday.EndOfDayQuery.FindClosingBalances;
import io.kontor.api.endofday.EndOfDayQuery.FindConditions;
import io.kontor.api.endofday.FeeRhythm;
import io.kontor.api.endofday.InterestRate;
import io.kontor.api.money.Money;
import io.kontor.query.BranchOffice;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What the end of 2026-01-30 is computed from; events are some hours after 09:00 of that day. */
class EndOfDayQueriesTest {
  private static final BranchOffice OFFICE = new BranchOffice();
  private static final LocalDate DAY = LocalDate.parse("2026-01-30");
  private static final Instant END = Instant.parse("2026-01-31T00:00:00Z");
  private static final Money EURO = Money.of("1.00", "EUR");

  private final TenantId tenant = new TenantId("t" + UUID.randomUUID().toString().substring(0, 8));
  private final ClosingBalanceQueryHandler balances =
      new ClosingBalanceQueryHandler(OFFICE.transactions, OFFICE.sql, OFFICE.readModels);
  private final EndOfDayQueryHandler handler =
      new EndOfDayQueryHandler(OFFICE.transactions, OFFICE.sql);
  private final AccountId account = OFFICE.opened(tenant.value(), "alice");

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Test
  void aBalanceIsThatAfterTheLastPostingBeforeTheEndOfTheDay() {
    OFFICE.deposited(1, account, "10.00", "10.00");
    OFFICE.deposited(14, account, "5.00", "15.00");
    OFFICE.deposited(16, account, "70.00", "85.00");
    assertThat(closing(null)).containsExactly(closing("15.00", null));
  }

  @Test
  void interestAndFeesOfDaysBeforeBelongToItThoughTheyWereBookedLater() {
    OFFICE.deposited(1, account, "10.00", "10.00");
    OFFICE.deposited(16, account, "70.00", "80.00");
    OFFICE.happens(17, interest("2.00", "82.00"));
    OFFICE.happens(
        18, new FeeBooked(account, UUID.randomUUID(), DAY, EURO, EURO, eur("81.00"), "fees"));
    assertThat(closing(null)).containsExactly(closing("11.00", null));
    assertThat(as(() -> balances.handle(new FindBookedTotals(List.of(account.uuid())))))
        .containsExactly(new BookedTotals(account.uuid(), 200, 100));
  }

  @Test
  void anAccountsOwnTermsCountBeforeThoseOfItsCurrency() {
    set(0, null, "2026-01-01", "1.00");
    assertThat(terms()).isEqualTo(terms("1.00"));
    set(1, account, "2026-01-30", "2.00");
    assertThat(terms()).isEqualTo(terms("2.00"));
  }

  @Test
  void theLatestTermsCountThatBeganAndWereSetBeforeTheEndOfTheDay() {
    set(0, account, "2026-01-01", "1.00");
    set(1, account, "2026-01-20", "2.00");
    set(2, account, "2026-01-10", "3.00");
    set(3, account, "2026-01-31", "4.00");
    set(15, account, "2026-01-25", "5.00");
    assertThat(terms()).isEqualTo(terms("2.00"));
    List<ConditionsDetails> shown =
        as(() -> handler.handle(new FindConditions(account.uuid(), EURO.currency())));
    assertThat(shown)
        .extracting(found -> found.terms().creditRate().percent())
        .containsExactly("4.00", "5.00", "2.00", "3.00", "1.00");
  }

  @Test
  void accountsArePagedAndThoseOpenedLaterOrClosedAreLeftOut() {
    AccountId second = OFFICE.opened(tenant.value(), "bob");
    List<UUID> both =
        List.of(account.uuid(), second.uuid()).stream().sorted(this::byBytes).toList();
    List<ClosingBalance> first =
        as(() -> balances.handle(new FindClosingBalances(DAY, END, null, 1)));
    List<ClosingBalance> next =
        as(() -> balances.handle(new FindClosingBalances(DAY, END, both.getFirst(), 1)));
    assertThat(first).extracting(ClosingBalance::account).containsExactly(both.getFirst());
    assertThat(next).extracting(ClosingBalance::account).containsExactly(both.getLast());
    assertThat(closing(both.getLast())).isEmpty();
    assertThat(count(END, null)).isEqualTo(2);
    assertThat(count(END, both.getFirst())).isEqualTo(1);
    assertThat(count(OPENING, null)).isZero();
    assertThat(as(() -> balances.handle(new FindClosingBalances(DAY, OPENING, null, 9)))).isEmpty();
    OFFICE.happens(2, new AccountClosed(second));
    assertThat(closing(null)).extracting(ClosingBalance::account).containsExactly(account.uuid());
    assertThat(count(END, null)).isEqualTo(1);
  }

  @Test
  void theOpenBankDayIsShownWithThoseThatWereClosed() {
    var bank = BankDayId.of(tenant);
    assertThat(as(() -> handler.handle(new FindBankDay()))).isEmpty();
    OFFICE.recorded(0, bank, new BankDayOpened(bank, DAY, "UTC", END));
    OFFICE.recorded(
        16,
        bank,
        new BankDayClosed(
            bank,
            DAY,
            new EndOfDayFigures(7, 5, 2),
            DAY.plusDays(1),
            "UTC",
            END.plus(Duration.ofDays(1))));
    Optional<BankDayDetails> found = as(() -> handler.handle(new FindBankDay()));
    assertThat(found).get().extracting(BankDayDetails::day).isEqualTo(DAY.plusDays(1));
    assertThat(found.orElseThrow().daysBehind()).isPositive();
    assertThat(found.orElseThrow().closed())
        .containsExactly(new ClosedDay(DAY, OPENING.plus(Duration.ofHours(16)), 7, 5, 2));
  }

  private InterestBooked interest(String amount, String balance) {
    return new InterestBooked(
        account, UUID.randomUUID(), DAY, eur(amount), eur(amount), eur(balance), "interest");
  }

  private long count(Instant end, @Nullable UUID after) {
    return as(() -> balances.handle(new CountAccounts(end, after)));
  }

  private List<ClosingBalance> closing(@Nullable UUID after) {
    return as(() -> balances.handle(new FindClosingBalances(DAY, END, after, 9)));
  }

  private ClosingBalance closing(String balance, @Nullable AccountTerms terms) {
    return new ClosingBalance(account.uuid(), eur(balance), terms);
  }

  private AccountTerms terms() {
    return Objects.requireNonNull(closing(null).getFirst().terms());
  }

  private void set(int hour, @Nullable AccountId of, String from, String rate) {
    ConditionsId id = of == null ? ConditionsId.of(tenant, EURO.currency()) : ConditionsId.of(of);
    OFFICE.recorded(
        hour, id, new ConditionsSet(id, of, EURO.currency(), LocalDate.parse(from), terms(rate)));
  }

  private <T> T as(Supplier<T> query) {
    return BranchOffice.as(tenant, query);
  }

  private int byBytes(UUID one, UUID other) {
    return one.toString().compareTo(other.toString());
  }

  private static AccountTerms terms(String rate) {
    return new AccountTerms(
        InterestRate.parse(rate), new InterestRate(0), DayCount.ACT_365, EURO, FeeRhythm.MONTHLY);
  }

  private static Money eur(String amount) {
    return Money.of(amount, "EUR");
  }
}
