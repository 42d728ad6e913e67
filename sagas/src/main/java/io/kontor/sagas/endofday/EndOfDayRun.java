package io.kontor.sagas.endofday;

import io.kontor.api.account.AccountCommand.BookFee;
import io.kontor.api.account.AccountCommand.BookInterest;
import io.kontor.api.account.AccountId;
import io.kontor.api.endofday.AccountTerms;
import io.kontor.api.endofday.BankDayCommand.CloseBankDay;
import io.kontor.api.endofday.BankDayId;
import io.kontor.api.endofday.BookedTotals;
import io.kontor.api.endofday.ClosingBalance;
import io.kontor.api.endofday.EndOfDayFigures;
import io.kontor.api.endofday.EndOfDayQuery;
import io.kontor.api.endofday.EndOfDayQuery.CountAccounts;
import io.kontor.api.endofday.EndOfDayQuery.FindBookedTotals;
import io.kontor.api.endofday.EndOfDayQuery.FindClosingBalances;
import io.kontor.job.RetryLaterException;
import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLostException;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.TenantId;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.messaging.responsetypes.ResponseType;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;

/**
 * The end of a bank day: interest of the day is accrued for each account; on the last day of a
 * month, interest and fees are booked; then the day is closed. It goes on where an earlier attempt
 * stopped. What was accrued is known by its day, and what was booked by its period.
 */
final class EndOfDayRun {
  private static final int ACCRUED_TOGETHER = 1_000;
  private static final int BOOKED_TOGETHER = 256;

  /** Bookings that wait for the event store at the same time. */
  private static final int CONCURRENT = 32;

  private final EndOfDayStore store;
  private final QueryGateway queries;
  private final SystemCommandSender commands;

  EndOfDayRun(EndOfDayStore store, QueryGateway queries, SystemCommandSender commands) {
    this.store = store;
    this.queries = queries;
    this.commands = commands;
  }

  /** Reports how far the end of a day is. */
  interface Progress {
    void report(long done, long total, @Nullable String message);
  }

  /**
   * Runs the end of a day, from where it is.
   *
   * @param job the same in every attempt
   * @throws LeaseLostException when another process runs it
   * @throws RetryLaterException when a booking has no result
   */
  EndOfDayFigures run(TenantId tenant, UUID job, OpenDay from, Lease lease, Progress progress)
      throws InterruptedException {
    OpenDay open = from;
    if (open.step() == EndOfDayStep.ACCRUAL) {
      accrue(open, lease, progress);
      open = next(open, open.isLastOfMonth() ? EndOfDayStep.BOOKING : EndOfDayStep.CLOSING, lease);
    }
    if (open.step() == EndOfDayStep.BOOKING) {
      book(tenant, job, open, lease, progress);
      open = next(open, EndOfDayStep.CLOSING, lease);
    }
    commands
        .sendOrRetry(
            tenant,
            job.toString(),
            new CloseBankDay(BankDayId.of(tenant), open.day(), open.figures()),
            "the bank day")
        .ifPresent(
            rejection -> {
              throw new IllegalStateException(rejection.detail());
            });
    return open.figures();
  }

  private OpenDay next(OpenDay open, EndOfDayStep step, Lease lease) {
    store.begin(lease, open, step);
    return store.find().orElseThrow();
  }

  private void accrue(OpenDay open, Lease lease, Progress progress) {
    UUID last = open.lastAccount();
    long total = count(open, null);
    long done = last == null ? 0 : total - count(open, last);
    List<ClosingBalance> page = balances(open, last);
    while (!page.isEmpty()) {
      last = page.getLast().account();
      store.accrue(lease, open, accruals(page, open.day(), booked(page)), last);
      done += page.size();
      progress.report(Math.min(done, total), total, "accounts accrued");
      page = balances(open, last);
    }
  }

  /** Accounts after {@code after} that are to be accrued. */
  private long count(OpenDay open, @Nullable UUID after) {
    return ask(new CountAccounts(open.endsAt(), after), ResponseTypes.instanceOf(Long.class));
  }

  private List<ClosingBalance> balances(OpenDay open, @Nullable UUID after) {
    return ask(
        new FindClosingBalances(open.day(), open.endsAt(), after, ACCRUED_TOGETHER),
        ResponseTypes.multipleInstancesOf(ClosingBalance.class));
  }

  private <T> T ask(EndOfDayQuery query, ResponseType<T> type) {
    try {
      return queries.query(query, type).join();
    } catch (CompletionException failure) {
      throw new RetryLaterException(
          "no closing balances: " + Objects.requireNonNullElse(failure.getCause(), failure));
    }
  }

  /**
   * What was booked before on the accounts with conditions that have no accruals yet: an account
   * would take a total below it for a correction.
   */
  private Map<UUID, BookedTotals> booked(List<ClosingBalance> page) {
    List<UUID> accounts =
        page.stream()
            .filter(closing -> closing.terms() != null)
            .map(ClosingBalance::account)
            .toList();
    if (accounts.isEmpty()) {
      return Map.of();
    }
    Set<UUID> known = store.known(accounts);
    List<UUID> unknown = accounts.stream().filter(account -> !known.contains(account)).toList();
    return unknown.isEmpty()
        ? Map.of()
        : ask(new FindBookedTotals(unknown), ResponseTypes.multipleInstancesOf(BookedTotals.class))
            .stream()
            .collect(Collectors.toMap(BookedTotals::account, Function.identity()));
  }

  /** Accounts without conditions earn nothing and cost nothing. */
  private static List<Accrual> accruals(
      List<ClosingBalance> page, LocalDate day, Map<UUID, BookedTotals> booked) {
    List<Accrual> accruals = new ArrayList<>();
    for (ClosingBalance closing : page) {
      AccountTerms terms = closing.terms();
      if (terms != null) {
        accruals.add(
            new Accrual(
                closing.account(),
                closing.balance().currency().getCurrencyCode(),
                terms.interest(closing.balance(), day),
                terms.feeAt(day),
                booked.getOrDefault(closing.account(), new BookedTotals(closing.account(), 0, 0))));
      }
    }
    return accruals;
  }

  private void book(TenantId tenant, UUID job, OpenDay open, Lease lease, Progress progress)
      throws InterruptedException {
    UUID last = open.lastAccount();
    long done = open.figures().booked() + open.figures().owed();
    long total = done + store.countDue(last);
    List<AccountDue> page = store.due(last, BOOKED_TOGETHER);
    while (!page.isEmpty()) {
      List<AccountDue> after = bookAll(tenant, job, open.day(), page, lease);
      long owed = after.stream().filter(due -> !due.isAllBooked()).count();
      store.booked(lease, open, after, new EndOfDayFigures(0, after.size() - owed, owed));
      done += page.size();
      progress.report(Math.min(done, total), total, "accounts booked");
      page = store.due(page.getLast().account(), BOOKED_TOGETHER);
    }
  }

  private List<AccountDue> bookAll(
      TenantId tenant, UUID job, LocalDate period, List<AccountDue> page, Lease lease)
      throws InterruptedException {
    try (var executor = Executors.newFixedThreadPool(CONCURRENT, Thread.ofVirtual().factory())) {
      List<Future<AccountDue>> results =
          page.stream()
              .map(due -> executor.submit(() -> book(tenant, job, period, due, lease)))
              .toList();
      List<AccountDue> booked = new ArrayList<>();
      for (Future<AccountDue> result : results) {
        booked.add(result.get());
      }
      return booked;
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  /** Interest before fees, so that it can pay them. What is rejected stays owed. */
  private AccountDue book(
      TenantId tenant, UUID job, LocalDate period, AccountDue due, Lease lease) {
    if (!lease.isValid()) {
      throw new LeaseLostException("the lease on %s is over".formatted(lease.resource()));
    }
    var account = new AccountId(tenant, due.account());
    YearMonth month = YearMonth.from(period);
    AccountDue withInterest =
        due.interestToBook()
            .filter(
                total ->
                    isBooked(
                        tenant,
                        job,
                        new BookInterest(
                            account,
                            BookInterest.entryOf(due.account(), period),
                            period,
                            total,
                            "interest " + month)))
            .map(due::withInterestBooked)
            .orElse(due);
    return due.feesToBook()
        .filter(
            total ->
                isBooked(
                    tenant,
                    job,
                    new BookFee(
                        account,
                        BookFee.entryOf(due.account(), period),
                        period,
                        total,
                        "fees " + month)))
        .map(withInterest::withFeesBooked)
        .orElse(withInterest);
  }

  private boolean isBooked(TenantId tenant, UUID job, Object command) {
    return commands.sendOrRetry(tenant, job.toString(), command, "the account").isEmpty();
  }
}
