package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.testsupport.ApiClient.Answer;
import io.kontor.testsupport.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bank is frozen and killed under load: confirmed commands are kept, others can be repeated.
 * Then its database is replaced by an older state: the bank takes no commands until it is
 * restarted, and goes on from that state. Times and the amount lost come from the seed: {@code
 * -Dkontor.seed=42}.
 */
@Tag("system")
class BankCrashTest {
  private static final int CLIENTS = 16;
  private static final int ACCOUNTS = 6;
  private static final String TOTAL = "6000.00";
  private static final Duration NOTICED_WITHIN = Duration.ofMinutes(2);

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Attempt> attempts = new ArrayList<>();
  private List<String> accounts = List.of();
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
      assertThat(readBooks(bank).transfers()).containsExactlyInAnyOrderElementsOf(kept);
      repeatAll(bank);
      assertThereAreNoOtherTransfers(bank);
    }
  }

  private void openAccounts(BankProcess bank) {
    BankClient teller = bank.anyone().teller("acme");
    accounts = IntStream.range(0, ACCOUNTS).mapToObj(_ -> teller.openAccount()).toList();
    accounts.forEach(account -> teller.deposit(account, "1000.00").expect(200));
  }

  private void transferUntilKilled(BankProcess bank) throws Exception {
    BankClient teller = bank.anyone().teller("acme");
    var answersBeforeTheEnd = new CountDownLatch(50 + random.nextInt(350));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Attempt>>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        var choices = new Random(random.nextLong());
        clients.add(threads.submit(() -> transferAllTheTime(teller, choices, answersBeforeTheEnd)));
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
      BankClient teller, Random choices, CountDownLatch responses) {
    List<Attempt> done = new ArrayList<>();
    boolean isAnswered;
    do {
      done.add(anyTransfer(choices));
      isAnswered = done.getLast().reaches(teller);
      responses.countDown();
    } while (isAnswered);
    return done;
  }

  private Attempt anyTransfer(Random choices) {
    int from = choices.nextInt(ACCOUNTS);
    int to = (from + 1 + choices.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    return new Attempt(accounts.get(from), accounts.get(to), 1 + choices.nextInt(9));
  }

  /** Shorter or longer than the idle transaction timeout. */
  private void freezeAWhile(BankProcess bank) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
    bank.freeze();
    TimeUnit.MILLISECONDS.sleep(random.nextInt(500, 7_000));
    bank.thaw();
  }

  private Set<String> assertAnsweredTransfersAreThere(BankProcess bank) {
    List<String> answered = booked();
    Books books = readBooks(bank);
    assertThat(books.transfers())
        .containsAll(answered)
        .hasSizeBetween(answered.size(), attempts.size());
    BankClient teller = bank.anyone().teller("acme");
    answered.forEach(id -> teller.get("/v1/transfers/" + id).expect(200));
    System.out.printf(
        "%d transfers answered before the kill, %d more were done, %d clients had no answer%n",
        answered.size(),
        books.transfers().size() - answered.size(),
        attempts.stream().filter(attempt -> attempt.answer == null).count());
    return Set.copyOf(books.transfers());
  }

  private void transferMore(BankProcess bank) {
    BankClient teller = bank.anyone().teller("acme");
    for (int more = 1 + random.nextInt(20); more > 0; more--) {
      attempts.add(anyTransfer(random));
      attempts.getLast().repeat(teller);
    }
  }

  /**
   * A server with an older state takes the place of the database under a running bank, like an
   * asynchronous standby that lacked the last commits. The bank's newer state in memory is void.
   */
  private void goBackTo(Path older, BankProcess bank) throws IOException {
    BankClient teller = bank.anyone().teller("acme");
    int port = DataFolder.postgresPort(folder.resolve("data"));
    BankProcess.stopPostgres(folder);
    try (var server = EmbeddedPostgres.start(older.resolve("data"));
        var address = new TcpProxy(port, DataFolder.postgresPort(older.resolve("data")))) {
      System.out.printf("%s stands in on port %d%n", server.jdbcUrl(), address.port());
      await()
          .atMost(NOTICED_WITHIN)
          .until(() -> bank.output().contains("history rewound position="));
      for (int n = 0; n < 5; n++) {
        Answer refused = teller.transfer(accounts.getFirst(), accounts.getLast(), "0.01");
        assertThat(refused.expect(503).slug()).isEqualTo("store-busy");
      }
      await().atMost(NOTICED_WITHIN).until(() -> !bank.isHealthy());
      bank.kill();
    }
  }

  private void forgetAnswersExcept(Set<String> kept) {
    int before = booked().size();
    attempts.forEach(attempt -> attempt.forgetUnlessIn(kept));
    System.out.printf("%d answered transfers lost with the database%n", before - booked().size());
  }

  private void repeatAll(BankProcess bank) {
    BankClient teller = bank.anyone().teller("acme");
    attempts.forEach(attempt -> attempt.repeat(teller));
  }

  private void assertThereAreNoOtherTransfers(BankProcess bank) {
    assertThat(booked()).hasSameSizeAs(attempts);
    assertThat(readBooks(bank).transfers()).containsExactlyInAnyOrderElementsOf(booked());
  }

  private Instant placeHoldThatEndsSoon(BankProcess bank) {
    Instant end = Instant.now().plusSeconds(3);
    String hold =
        "{'amount':%s,'reference':'card','expiresAt':'%s'}"
            .formatted(BankClient.euros("0.01"), end);
    bank.anyone()
        .teller("acme")
        .post("/v1/accounts/%s/holds".formatted(accounts.getFirst()), hold)
        .expect(201);
    return end;
  }

  private void assertNothingIsHeld(BankProcess bank) {
    BankClient teller = bank.anyone().teller("acme");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(teller.get("/v1/accounts/" + accounts.getFirst()).amount("held"))
                    .isEqualTo("0.00"));
  }

  private List<String> booked() {
    return attempts.stream()
        .filter(attempt -> attempt.answer != null)
        .map(attempt -> attempt.answer.text("id"))
        .toList();
  }

  private Books readBooks(BankProcess bank) {
    BankClient teller = bank.anyone().teller("acme");
    // A new account's position is past all commands without a response.
    long position = teller.open("cust-42", "EUR").position();
    Books books = Books.at(position, teller, bank.anyone().auditor("acme")).agree();
    assertThat(books.total()).isEqualByComparingTo(TOTAL);
    return books;
  }

  /** A transfer that may have got a response. No account ever runs out of money. */
  private static final class Attempt {
    private final String key = BankClient.newKey();
    private final String from;
    private final String to;
    private final String amount;
    private @Nullable Answer answer;

    Attempt(String from, String to, int cents) {
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
