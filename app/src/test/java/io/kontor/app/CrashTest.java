package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.Client.Answer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bank is killed under load: what it had answered holds, what it had not can be repeated. */
class CrashTest {
  private static final int CLIENTS = 16;
  private static final int ACCOUNTS = 6;
  private static final String TOTAL = "6000.00";

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Attempt> attempts = new ArrayList<>();
  private List<String> accounts = List.of();
  @TempDir private Path folder;

  @AfterEach
  void stopPostgres() {
    BankProcess.stopPostgres(folder);
  }

  @Test
  @Timeout(600)
  void whatWasAnsweredIsThereOnceAfterAKillAndWhatWasNotCanBeRepeated() throws Exception {
    System.out.println("-Dkontor.seed=" + seed);
    try (var bank = BankProcess.start(folder)) {
      openAccounts(bank);
      transferUntilKilled(bank);
    }
    Instant holdEnds;
    try (var bank = BankProcess.start(folder)) {
      assertAnsweredTransfersAreThere(bank);
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
    }
  }

  private void openAccounts(BankProcess bank) {
    Client teller = bank.anyone().teller("acme");
    accounts = IntStream.range(0, ACCOUNTS).mapToObj(_ -> teller.openAccount()).toList();
    accounts.forEach(account -> teller.deposit(account, "1000.00").expect(200));
  }

  private void transferUntilKilled(BankProcess bank) throws Exception {
    Client teller = bank.anyone().teller("acme");
    var answersBeforeTheEnd = new CountDownLatch(50 + random.nextInt(350));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Attempt>>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        var choices = new Random(random.nextLong());
        clients.add(threads.submit(() -> transferAllTheTime(teller, choices, answersBeforeTheEnd)));
      }
      answersBeforeTheEnd.await();
      bank.kill();
      for (var client : clients) {
        attempts.addAll(client.get());
      }
    }
  }

  private List<Attempt> transferAllTheTime(Client teller, Random choices, CountDownLatch answers) {
    List<Attempt> done = new ArrayList<>();
    do {
      int from = choices.nextInt(ACCOUNTS);
      int to = (from + 1 + choices.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
      done.add(new Attempt(accounts.get(from), accounts.get(to), 1 + choices.nextInt(9)));
      done.getLast().send(teller);
      answers.countDown();
    } while (done.getLast().answer != null);
    return done;
  }

  private void assertAnsweredTransfersAreThere(BankProcess bank) {
    List<String> answered = booked();
    Books books = readBooks(bank);
    assertThat(books.transfers())
        .containsAll(answered)
        .hasSizeBetween(answered.size(), answered.size() + CLIENTS);
    Client teller = bank.anyone().teller("acme");
    answered.forEach(id -> teller.get("/v1/transfers/" + id).expect(200));
    System.out.printf(
        "%d transfers answered before the kill, %d more were done, %d clients had no answer%n",
        answered.size(),
        books.transfers().size() - answered.size(),
        attempts.stream().filter(attempt -> attempt.answer == null).count());
  }

  private void repeatAll(BankProcess bank) {
    Client teller = bank.anyone().teller("acme");
    attempts.forEach(attempt -> attempt.repeat(teller));
  }

  private void assertThereAreNoOtherTransfers(BankProcess bank) {
    assertThat(booked()).hasSameSizeAs(attempts);
    assertThat(readBooks(bank).transfers()).containsExactlyInAnyOrderElementsOf(booked());
  }

  private Instant placeHoldThatEndsSoon(BankProcess bank) {
    Instant end = Instant.now().plusSeconds(3);
    String hold =
        "{'amount':%s,'reference':'card','expiresAt':'%s'}".formatted(Client.euros("0.01"), end);
    bank.anyone()
        .teller("acme")
        .post("/v1/accounts/%s/holds".formatted(accounts.getFirst()), hold)
        .expect(201);
    return end;
  }

  private void assertNothingIsHeld(BankProcess bank) {
    Client teller = bank.anyone().teller("acme");
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
    Client teller = bank.anyone().teller("acme");
    // A new account's position is past everything that was done without an answer.
    long position = teller.open("cust-42", "EUR").position();
    Books books = Books.at(position, teller, bank.anyone().auditor("acme")).agree();
    assertThat(books.total()).isEqualByComparingTo(TOTAL);
    return books;
  }

  /** A transfer that may have been answered. No account ever runs out of money. */
  private static final class Attempt {
    private final String key = Client.newKey();
    private final String from;
    private final String to;
    private final String amount;
    private @Nullable Answer answer;

    Attempt(String from, String to, int cents) {
      this.from = from;
      this.to = to;
      this.amount = "0.0" + cents;
    }

    void send(Client teller) {
      try {
        answer = teller.transfer(key, from, to, amount).expect(201);
      } catch (UncheckedIOException killed) {
        // nobody knows whether it was done
      }
    }

    void repeat(Client teller) {
      Answer again = teller.transfer(key, from, to, amount).expect(201);
      if (answer != null) {
        assertThat(again.isReplayed()).isTrue();
        assertThat(again.json()).isEqualTo(answer.json());
      }
      answer = again;
    }
  }
}
