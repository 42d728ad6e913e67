package io.kontor.query.ledger;

import static io.kontor.query.BranchOffice.OPENING;
import static io.kontor.query.BranchOffice.euro;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountId;
import io.kontor.api.ledger.LedgerQuery.FindJournalEntry;
import io.kontor.api.ledger.LedgerQuery.FindPostings;
import io.kontor.api.ledger.LedgerQuery.FindTrialBalance;
import io.kontor.api.ledger.LedgerQuery.PostingCursor;
import io.kontor.api.ledger.Posting;
import io.kontor.api.ledger.PostingDirection;
import io.kontor.api.ledger.TrialBalance;
import io.kontor.api.money.Money;
import io.kontor.query.BranchOffice;
import io.kontor.query.account.Balances;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerQueryHandlerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");

  private final BranchOffice office = new BranchOffice();
  private final LedgerQueryHandler queries =
      new LedgerQueryHandler(office.transactions, office.sql);

  @AfterEach
  void close() {
    office.close();
  }

  @Test
  void aStatementIsReadFromTheNewestPageByPage() {
    AccountId account = office.opened("acme", "alice");
    office.deposited(1, account, "1.00", "1.00");
    office.deposited(2, account, "2.00", "3.00");
    office.deposited(2, account, "3.00", "6.00");
    office.deposited(4, account, "4.00", "10.00");

    List<Money> balances = new ArrayList<>();
    PostingCursor before = null;
    List<Posting> page;
    do {
      page = postings(account, null, null, before, 1);
      page.forEach(posting -> balances.add(posting.balanceAfter()));
      before =
          page.isEmpty()
              ? null
              : new PostingCursor(
                  page.getLast().bookedAt(), page.getLast().position(), page.getLast().id());
    } while (before != null);
    assertThat(balances).containsExactly(euro("10.00"), euro("6.00"), euro("3.00"), euro("1.00"));
    assertThat(postings(account, hour(2), hour(4), null, 9))
        .extracting(Posting::balanceAfter)
        .containsExactly(euro("6.00"), euro("3.00"));
  }

  @Test
  void anEntryShowsBothLegs() {
    AccountId from = office.opened("acme", "alice");
    AccountId to = office.opened("acme", "bob");
    office.transferred(1, from, to, "30.00", "-30.00", "30.00");
    Posting leg = postings(from, null, null, null, 1).getFirst();

    var entry = as(ACME, () -> queries.handle(new FindJournalEntry(leg.entryId()))).orElseThrow();
    assertThat(entry.postings())
        .extracting(p -> p.direction(), p -> p.account(), p -> p.balanceAfter())
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(
                PostingDirection.DEBIT, from.uuid(), euro("-30.00")),
            org.assertj.core.api.Assertions.tuple(
                PostingDirection.CREDIT, to.uuid(), euro("30.00")));
    assertThat(as(GLOBEX, () -> queries.handle(new FindJournalEntry(leg.entryId())))).isEmpty();
  }

  @Test
  void theTrialBalanceAddsUpAsOfAnyInstant() {
    AccountId account = office.opened("acme", "alice");
    office.deposited(1, account, "1.00", "1.00");
    office.deposited(30, account, "2.00", "3.00");
    office.deposited(31, account, "4.00", "7.00");
    office.deposited(1, office.opened("globex", "bob"), "99.00", "99.00");

    assertThat(trialBalance(null)).containsExactly(sums("7.00"));
    assertThat(trialBalance(hour(31))).containsExactly(sums("3.00"));
    assertThat(trialBalance(hour(30))).as("booked before").containsExactly(sums("1.00"));
    assertThat(trialBalance(hour(1))).isEmpty();
    assertThat(trialBalance(hour(9_999))).containsExactly(sums("7.00"));
  }

  /** Postings at the bounds of the statement, transfers, and clocks that went back. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void openingBalancePlusPostingsIsTheClosingBalanceOfAnyInterval(long seed) {
    var random = new Random(seed);
    List<AccountId> accounts =
        List.of(
            office.opened("acme", "alice"),
            office.opened("acme", "bob"),
            office.opened("acme", "carol"));
    Map<AccountId, Long> cents = new HashMap<>();
    accounts.forEach(account -> cents.put(account, 0L));
    int minute = 0;
    for (int n = 0; n < 30; n++) {
      minute = Math.max(0, minute + random.nextInt(4) - 1);
      AccountId from = accounts.get(random.nextInt(3));
      AccountId to = accounts.get(random.nextInt(3));
      long amount = 1L + random.nextInt(100);
      if (from.equals(to)) {
        cents.merge(to, amount, Long::sum);
        office.depositedAt(minute(minute), to, cents(amount), cents(cents.get(to)));
      } else {
        cents.merge(from, -amount, Long::sum);
        cents.merge(to, amount, Long::sum);
        office.transferredAt(
            minute(minute), from, to, cents(amount), cents(cents.get(from)), cents(cents.get(to)));
      }
    }
    for (AccountId account : accounts) {
      for (int from = 0; from <= minute + 2; from++) {
        for (int to = from; to <= minute + 2; to++) {
          assertThat(balance(account, minute(from)).plus(booked(account, minute(from), minute(to))))
              .as("%s from %d to %d", account, from, to)
              .isEqualTo(balance(account, minute(to)));
        }
      }
    }
  }

  private Money booked(AccountId account, Instant from, Instant to) {
    Money sum = euro("0.00");
    for (Posting posting : postings(account, from, to, null, 200)) {
      sum =
          posting.direction() == PostingDirection.CREDIT
              ? sum.plus(posting.amount())
              : sum.minus(posting.amount());
    }
    return sum;
  }

  private Money balance(AccountId account, Instant at) {
    return as(ACME, () -> new Balances(office).before(account, at));
  }

  private static Money cents(long units) {
    return new Money(units, Money.currencyOf("EUR"));
  }

  private static Instant minute(int minute) {
    return OPENING.plus(Duration.ofMinutes(minute));
  }

  private List<TrialBalance> trialBalance(Instant at) {
    return as(ACME, () -> queries.handle(new FindTrialBalance(at)));
  }

  private static TrialBalance sums(String amount) {
    return new TrialBalance(Money.currencyOf("EUR"), amount, amount, "0");
  }

  private List<Posting> postings(
      AccountId account, Instant from, Instant to, PostingCursor before, int limit) {
    return as(
        ACME, () -> queries.handle(new FindPostings(account.uuid(), from, to, before, limit)));
  }

  private static Instant hour(int hour) {
    return OPENING.plus(Duration.ofHours(hour));
  }

  private static <T> T as(TenantId tenant, Supplier<T> work) {
    return TenantContext.call(tenant, work::get);
  }
}
