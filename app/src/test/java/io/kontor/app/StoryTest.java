package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.testsupport.ApiClient.Answer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two tenants, one of them with a database of its own, with ten accounts each, sixteen concurrent
 * clients, and readers that check the ledger all the time.
 */
class StoryTest {
  private static final int CLIENTS = 16;
  private static final int TRANSFERS = 1_000;

  private final BankFixture bank = BankFixture.running();

  @Test
  @Timeout(180)
  void noMoneyIsMadeOrLostWhileTransfersCross() throws Exception {
    List<String> cells =
        Stream.of(TenantIsolation.SCHEMA, TenantIsolation.DATABASE).map(bank::newTenantIn).toList();
    var branches =
        Stream.concat(Stream.of(bank.newTenant()), cells.stream())
            .map(tenant -> new Branch(bank, tenant))
            .toList();
    var running = new CountDownLatch(CLIENTS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (Branch branch : branches) {
        readers.add(threads.submit(() -> branch.readTotals(running)));
        readers.add(threads.submit(() -> branch.readTrialBalance(running)));
      }
      List<Future<List<Attempt>>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        var random = new Random(i);
        Branch branch = branches.get(i % branches.size());
        int transfers = TRANSFERS / CLIENTS + (i < TRANSFERS % CLIENTS ? 1 : 0);
        clients.add(threads.submit(counted(running, () -> branch.work(random, transfers))));
      }
      for (int i = 0; i < CLIENTS; i++) {
        branches.get(i % branches.size()).attempts.addAll(clients.get(i).get());
      }
      for (var reader : readers) {
        assertThat(reader.get()).describedAs("readings").isGreaterThan(2);
      }
      for (Branch branch : branches) {
        branch.assertEverythingIsBookedAsAnswered(threads);
      }
    }
    cells.forEach(bank::closeTenant);
  }

  private static <T> Callable<T> counted(CountDownLatch running, Callable<T> work) {
    return () -> {
      try {
        return work.call();
      } finally {
        running.countDown();
      }
    };
  }

  private record Attempt(String from, String to, BigDecimal amount, Answer answer) {
    boolean booked() {
      return answer.status() == 201;
    }

    String reason() {
      return booked() ? "booked" : answer.slug();
    }
  }

  /** A tenant's eight open accounts, a frozen and a closed one. */
  private static final class Branch {
    private static final int OPEN = 8;
    private static final BigDecimal TOTAL = new BigDecimal("880.00");

    private final BankClient teller;
    private final BankClient auditor;
    private final List<String> accounts;
    private final Map<String, BigDecimal> balances = new HashMap<>();
    private final long prepared;
    final List<Attempt> attempts = new ArrayList<>();

    Branch(BankFixture bank, String tenant) {
      teller = bank.teller(tenant);
      auditor = bank.auditor(tenant);
      accounts = IntStream.range(0, OPEN + 2).mapToObj(_ -> teller.openAccount()).toList();
      for (String account : accounts.subList(0, OPEN + 1)) {
        teller.deposit(account, "100.00").expect(200);
        balances.put(account, new BigDecimal("100.00"));
      }
      String card = accounts.get(2);
      String hold = teller.placeHold(card, "30.00").expect(201).text("id");
      teller.captureHold(card, hold, "20.00").expect(200);
      teller.placeHold(card, "10.00").expect(201);
      balances.put(card, new BigDecimal("80.00"));
      teller.freeze(accounts.get(OPEN)).expect(200);
      balances.put(accounts.get(OPEN + 1), new BigDecimal("0.00"));
      prepared = teller.close(accounts.get(OPEN + 1)).expect(200).position();
    }

    /** Most transfers cross each other between the same two accounts. */
    List<Attempt> work(Random random, int transfers) {
      List<Attempt> done = new ArrayList<>();
      for (int i = 0; i < transfers; i++) {
        boolean crossing = random.nextInt(10) < 6;
        int from = random.nextInt(crossing ? 2 : accounts.size());
        int to =
            crossing
                ? 1 - from
                : (from + 1 + random.nextInt(accounts.size() - 1)) % accounts.size();
        var amount = BigDecimal.valueOf(1 + random.nextInt(2_000), 2);
        done.add(transfer(accounts.get(from), accounts.get(to), amount));
        if (i % 10 == 0) {
          holdAndRelease(accounts.get(random.nextInt(OPEN)));
        }
      }
      return done;
    }

    private Attempt transfer(String from, String to, BigDecimal amount) {
      return new Attempt(from, to, amount, teller.transfer(from, to, amount.toPlainString()));
    }

    private void holdAndRelease(String account) {
      Answer hold = teller.placeHold(account, "1.00");
      if (hold.status() == 422) {
        assertThat(hold.slug()).isEqualTo("insufficient-funds");
        return;
      }
      teller.releaseHold(account, hold.expect(201).text("id")).expect(200);
    }

    /** The balances of one list always add up to the total, also during transfers. */
    int readTotals(CountDownLatch running) {
      int readings = 0;
      do {
        var list = teller.get("/v1/accounts", atLeast(prepared)).expect(200).json().path("items");
        assertThat(list.size()).isEqualTo(accounts.size());
        assertThat(Books.sumOfBalances(list)).isEqualByComparingTo(TOTAL);
        readings++;
      } while (running.getCount() > 0);
      return readings;
    }

    int readTrialBalance(CountDownLatch running) {
      int readings = 0;
      do {
        Books.assertBalanced(
            auditor.get("/v1/ledger/trial-balance", atLeast(prepared)).expect(200).json());
        readings++;
      } while (running.getCount() > 0);
      return readings;
    }

    void assertEverythingIsBookedAsAnswered(ExecutorService threads) throws Exception {
      assertThat(attempts)
          .extracting(Attempt::reason)
          .contains("booked", "account-frozen", "account-closed")
          .isSubsetOf("booked", "account-frozen", "account-closed", "insufficient-funds");
      List<Attempt> booked = attempts.stream().filter(Attempt::booked).toList();
      for (Attempt attempt : booked) {
        balances.merge(attempt.from(), attempt.amount().negate(), BigDecimal::add);
        balances.merge(attempt.to(), attempt.amount(), BigDecimal::add);
      }
      long reached = booked.stream().mapToLong(a -> a.answer().position()).max().orElseThrow();
      Books books = Books.at(reached, teller, auditor).agree();
      assertThat(books.balances()).isEqualTo(balances);
      assertThat(books.total()).isEqualByComparingTo(TOTAL);
      assertThat(books.transfers())
          .containsExactlyInAnyOrderElementsOf(
              booked.stream().map(attempt -> attempt.answer().text("id")).toList());
      List<Callable<Answer>> readings = new ArrayList<>();
      booked.forEach(a -> readings.add(() -> teller.get(a.answer().header("Location"))));
      for (var reading : threads.invokeAll(readings)) {
        reading.get().expect(200);
      }
    }

    private static String[] atLeast(long position) {
      return new String[] {"Kontor-Min-Position", Long.toString(position)};
    }
  }
}
