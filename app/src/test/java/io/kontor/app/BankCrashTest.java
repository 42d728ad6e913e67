package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.testsupport.ApiClient.Answer;
import io.kontor.testsupport.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bank is frozen and killed under load: confirmed commands are kept, others can be repeated.
 * Then its database is replaced by an older state: the bank takes no commands until it is
 * restarted, and goes on from that state. Of its tenants one shares its tables, one has a database
 * and one a schema of its own. Times and the amount lost come from the seed: {@code
 * -Dkontor.seed=42}.
 */
@Tag("system")
class BankCrashTest {
  private static final List<String> TENANTS = List.of("acme", "initech", "umbrella");

  private static final int CLIENTS = 16;
  private static final int ACCOUNTS = 6;
  private static final String TOTAL = "6000.00";
  private static final Duration NOTICED_WITHIN = Duration.ofMinutes(2);

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Attempt> attempts = new ArrayList<>();
  private final Map<String, List<String>> accounts = new HashMap<>();
  @TempDir private Path folder;

  /** As the database was after the first kill. */
  @TempDir private Path older;

  @AfterEach
  void stopPostgres() {
    BankProcess.stopPostgres(folder);
    BankProcess.stopPostgres(older);
  }

  @Test
  @Timeout(600)
  void whatWasAnsweredIsThereOnceAfterAKillAndWhatWasNotCanBeRepeated() throws Exception {
    System.out.println("-Dkontor.seed=" + seed);
    try (var bank = BankProcess.start(folder)) {
      openAccounts(bank);
      transferUntilKilled(bank);
    }
    BankProcess.stopPostgres(folder);
    DataFolder.copy(folder.resolve("data"), older.resolve("data"));
    Set<String> kept;
    Instant holdEnds;
    try (var bank = BankProcess.start(folder)) {
      kept = assertAnsweredTransfersAreThere(bank);
      repeatAll(bank);
      assertThereAreNoOtherTransfers(bank);
      holdEnds = placeHoldThatEndsSoon(bank);
      bank.kill();
    }
    await().until(() -> Instant.now().isAfter(holdEnds));
    try (var bank = BankProcess.start(folder)) {
      repeatAll(bank);
      assertThereAreNoOtherTransfers(bank);
      assertNothingIsHeld(bank);
      transferMore(bank);
      goBackTo(older, bank);
    }
    forgetAnswersExcept(kept);
    try (var bank = BankProcess.start(older)) {
      List<String> there = new ArrayList<>();
      TENANTS.forEach(tenant -> there.addAll(readBooks(bank, tenant).transfers()));
      assertThat(there).containsExactlyInAnyOrderElementsOf(kept);
      repeatAll(bank);
      assertThereAreNoOtherTransfers(bank);
    }
  }

  private void openAccounts(BankProcess bank) {
    BankClient operator = bank.anyone().operator();
    operator.registerTenant("initech", TenantIsolation.DATABASE);
    operator.registerTenant("umbrella", TenantIsolation.SCHEMA);
    for (String tenant : TENANTS) {
      BankClient teller = bank.anyone().teller(tenant);
      List<String> opened =
          IntStream.range(0, ACCOUNTS).mapToObj(_ -> teller.openAccount()).toList();
      opened.forEach(account -> teller.deposit(account, "1000.00").expect(200));
      accounts.put(tenant, opened);
    }
  }

  private void transferUntilKilled(BankProcess bank) throws Exception {
    var answersBeforeTheEnd = new CountDownLatch(50 + random.nextInt(350));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Attempt>>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        var choices = new Random(random.nextLong());
        String tenant = TENANTS.get(i % TENANTS.size());
        BankClient teller = bank.anyone().teller(tenant);
        clients.add(
            threads.submit(() -> transferAllTheTime(tenant, teller, choices, answersBeforeTheEnd)));
      }
      freezeAWhile(bank);
      answersBeforeTheEnd.await();
      bank.kill();
      for (var client : clients) {
        attempts.addAll(client.get());
      }
    }
  }

  private List<Attempt> transferAllTheTime(
      String tenant, BankClient teller, Random choices, CountDownLatch responses) {
    List<Attempt> done = new ArrayList<>();
    boolean isAnswered;
    do {
      done.add(anyTransfer(tenant, choices));
      isAnswered = done.getLast().reaches(teller);
      responses.countDown();
    } while (isAnswered);
    return done;
  }

  private Attempt anyTransfer(String tenant, Random choices) {
    int from = choices.nextInt(ACCOUNTS);
    int to = (from + 1 + choices.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    List<String> own = accounts.get(tenant);
    return new Attempt(tenant, own.get(from), own.get(to), 1 + choices.nextInt(9));
  }

  /** Shorter or longer than the idle transaction timeout. */
  private void freezeAWhile(BankProcess bank) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
    bank.freeze();
    TimeUnit.MILLISECONDS.sleep(random.nextInt(500, 7_000));
    bank.thaw();
  }

  private Set<String> assertAnsweredTransfersAreThere(BankProcess bank) {
    Set<String> kept = new HashSet<>();
    for (String tenant : TENANTS) {
      List<String> answered = booked(tenant);
      List<String> there = readBooks(bank, tenant).transfers();
      assertThat(there)
          .containsAll(answered)
          .hasSizeBetween(answered.size(), (int) attempts(tenant).count());
      BankClient teller = bank.anyone().teller(tenant);
      answered.forEach(id -> teller.get("/v1/transfers/" + id).expect(200));
      System.out.printf(
          "%s: %d transfers answered before the kill, %d more were done, %d clients had no answer%n",
          tenant,
          answered.size(),
          there.size() - answered.size(),
          attempts(tenant).filter(attempt -> attempt.answer == null).count());
      kept.addAll(there);
    }
    return kept;
  }

  private void transferMore(BankProcess bank) {
    for (String tenant : TENANTS) {
      BankClient teller = bank.anyone().teller(tenant);
      for (int more = 1 + random.nextInt(20); more > 0; more--) {
        attempts.add(anyTransfer(tenant, random));
        attempts.getLast().repeat(teller);
      }
    }
  }

  /**
   * A server with an older state takes the place of the database under a running bank, like an
   * asynchronous standby that lacked the last commits. The bank's newer state in memory is void.
   */
  private void goBackTo(Path older, BankProcess bank) throws IOException {
    int port = DataFolder.postgresPort(folder.resolve("data"));
    BankProcess.stopPostgres(folder);
    try (var server = EmbeddedPostgres.start(older.resolve("data"));
        var address = new TcpProxy(port, DataFolder.postgresPort(older.resolve("data")))) {
      System.out.printf("%s stands in on port %d%n", server.jdbcUrl(), address.port());
      await()
          .atMost(NOTICED_WITHIN)
          .until(() -> bank.output().split("history rewound position=").length > TENANTS.size());
      for (String tenant : TENANTS) {
        BankClient teller = bank.anyone().teller(tenant);
        List<String> own = accounts.get(tenant);
        for (int n = 0; n < 5; n++) {
          Answer refused = teller.transfer(own.getFirst(), own.getLast(), "0.01");
          // the latter as long as the circuit is open that the missing database has opened
          assertThat(refused.expect(503).slug()).isIn("store-busy", "database-unavailable");
        }
      }
      await().atMost(NOTICED_WITHIN).until(() -> !bank.isHealthy());
      bank.kill();
    }
  }

  private void forgetAnswersExcept(Set<String> kept) {
    long before = attempts.stream().filter(attempt -> attempt.answer != null).count();
    attempts.forEach(attempt -> attempt.forgetUnlessIn(kept));
    System.out.printf(
        "%d answered transfers lost with the database%n",
        before - attempts.stream().filter(attempt -> attempt.answer != null).count());
  }

  private void repeatAll(BankProcess bank) {
    for (String tenant : TENANTS) {
      BankClient teller = bank.anyone().teller(tenant);
      attempts(tenant).forEach(attempt -> attempt.repeat(teller));
    }
  }

  private void assertThereAreNoOtherTransfers(BankProcess bank) {
    for (String tenant : TENANTS) {
      assertThat(booked(tenant)).hasSize((int) attempts(tenant).count());
      assertThat(readBooks(bank, tenant).transfers())
          .containsExactlyInAnyOrderElementsOf(booked(tenant));
    }
  }

  private Instant placeHoldThatEndsSoon(BankProcess bank) {
    Instant end = Instant.now().plusSeconds(3);
    String hold =
        "{'amount':%s,'reference':'card','expiresAt':'%s'}"
            .formatted(BankClient.euros("0.01"), end);
    bank.anyone()
        .teller("acme")
        .post("/v1/accounts/%s/holds".formatted(accounts.get("acme").getFirst()), hold)
        .expect(201);
    return end;
  }

  private void assertNothingIsHeld(BankProcess bank) {
    BankClient teller = bank.anyone().teller("acme");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(
                        teller
                            .get("/v1/accounts/" + accounts.get("acme").getFirst())
                            .amount("held"))
                    .isEqualTo("0.00"));
  }

  private Stream<Attempt> attempts(String tenant) {
    return attempts.stream().filter(attempt -> attempt.tenant.equals(tenant));
  }

  private List<String> booked(String tenant) {
    return attempts(tenant)
        .filter(attempt -> attempt.answer != null)
        .map(attempt -> attempt.answer.text("id"))
        .toList();
  }

  private Books readBooks(BankProcess bank, String tenant) {
    BankClient teller = bank.anyone().teller(tenant);
    // A new account's position is past all commands without a response.
    long position = teller.open("cust-42", "EUR").position();
    Books books = Books.at(position, teller, bank.anyone().auditor(tenant)).agree();
    assertThat(books.total()).isEqualByComparingTo(TOTAL);
    return books;
  }

  /** A transfer that may have got a response. No account ever runs out of money. */
  private static final class Attempt {
    private final String key = BankClient.newKey();
    private final String tenant;
    private final String from;
    private final String to;
    private final String amount;
    private @Nullable Answer answer;

    Attempt(String tenant, String from, String to, int cents) {
      this.tenant = tenant;
      this.from = from;
      this.to = to;
      this.amount = "0.0" + cents;
    }

    /** Whether there is a response; without a success it may have been done or not. */
    boolean reaches(BankClient teller) {
      try {
        Answer got = teller.transfer(key, from, to, amount);
        answer = got.status() == 503 ? null : got.expect(201);
        return true;
      } catch (UncheckedIOException killed) {
        return false;
      }
    }

    void forgetUnlessIn(Set<String> transfers) {
      if (answer != null && !transfers.contains(answer.text("id"))) {
        answer = null;
      }
    }

    void repeat(BankClient teller) {
      Answer again = teller.transfer(key, from, to, amount).expect(201);
      if (answer != null) {
        assertThat(again.isReplayed()).isTrue();
        assertThat(again.json()).isEqualTo(answer.json());
      }
      answer = again;
    }
  }
}
