package io.kontor.app;

import static io.kontor.tenancy.registry.TenantIsolation.ROW;
import static io.kontor.tenancy.registry.TenantIsolation.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.testsupport.ApiClient.Answer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bank is killed at the steps of a tenant's moves while the tenant deposits: afterwards it is
 * served in one place, with all that was answered, and the move goes on. It takes minutes, so it
 * runs when it is asked for: {@code -Dkontor.move-kills=true}.
 */
@Tag("system")
@EnabledIfSystemProperty(named = "kontor.move-kills", matches = "true")
class TenantMoveCrashTest {
  private static final String TENANT = "acme";
  private static final Duration SOON = Duration.ofMinutes(2);

  /** What was answered to the deposits, by their keys; empty when the bank was killed before. */
  private final Map<String, Optional<Answer>> deposits =
      Collections.synchronizedMap(new LinkedHashMap<>());

  private String account = "";
  private volatile boolean isSuspended;
  @TempDir private Path folder;

  @AfterEach
  void stopPostgres() {
    BankProcess.stopPostgres(folder);
  }

  @Test
  @Timeout(600)
  void aMoveGoesOnAfterAKillAtAnyStepAndNothingIsLostOrBookedTwice() {
    String job;
    try (var bank = BankProcess.start(folder)) {
      account = bank.anyone().teller(TENANT).openAccount();
      job = move(bank, SCHEMA);
      depositUntilKilled(bank, () -> says(bank, job, "copied", "read models"));
    }
    try (var bank = BankProcess.start(folder)) {
      // The move goes on while this bank starts.
      depositUntilKilled(bank, () -> isSuspended || place(bank).equals(SCHEMA.name()));
    }
    String back;
    try (var bank = BankProcess.start(folder)) {
      assertEachIsBookedOnce(bank);
      finish(bank, job);
      assertPlace(bank, SCHEMA);
      assertEachIsBookedOnce(bank);
      back = move(bank, ROW);
      depositUntilKilled(bank, () -> place(bank).equals(ROW.name()));
    }
    try (var bank = BankProcess.start(folder)) {
      assertPlace(bank, ROW);
      assertEachIsBookedOnce(bank);
      finish(bank, back);
      assertEachIsBookedOnce(bank);
      assertThat(new Tools(folder.resolve("data")).run("verify").expect(0).lines())
          .last()
          .isEqualTo("all is well");
    }
  }

  private static String move(BankProcess bank, TenantIsolation to) {
    return bank.anyone()
        .operator()
        .post("/v1/tenants/%s/move".formatted(TENANT), "{'to':'%s'}".formatted(to))
        .expect(202)
        .header("Location");
  }

  private void depositUntilKilled(BankProcess bank, Callable<Boolean> moment) {
    isSuspended = false;
    var depositing = CompletableFuture.runAsync(() -> depositAllTheTime(bank));
    await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(moment);
    bank.kill();
    depositing.join();
  }

  private void depositAllTheTime(BankProcess bank) {
    try {
      while (true) {
        String key = BankClient.newKey();
        deposits.put(key, Optional.empty());
        deposits.put(key, Optional.of(deposit(bank, key)));
      }
    } catch (UncheckedIOException killed) {
      // the last one may have been booked or not
    }
  }

  /** Repeats the deposit until it is answered with something else than 503. */
  private Answer deposit(BankProcess bank, String key) {
    return await()
        .atMost(SOON)
        .until(
            () -> {
              Answer answer =
                  bank.anyone()
                      .teller(TENANT)
                      .post(
                          "/v1/accounts/%s/deposits".formatted(account),
                          BankClient.movement("5.00"),
                          "Idempotency-Key",
                          key);
              if (answer.status() == 503) {
                isSuspended = true;
              }
              return answer;
            },
            answer -> answer.status() != 503)
        .expect(200);
  }

  private static boolean says(BankProcess bank, String job, String... messages) {
    String said = bank.anyone().operator().get(job).expect(200).text("message");
    return Stream.of(messages).anyMatch(said::contains);
  }

  private static String place(BankProcess bank) {
    return bank.anyone().operator().get("/v1/tenants/" + TENANT).expect(200).text("isolation");
  }

  private static void assertPlace(BankProcess bank, TenantIsolation place) {
    assertThat(place(bank)).isEqualTo(place.name());
  }

  /** What was answered has the same answer again, and what was not is done now. */
  private void assertEachIsBookedOnce(BankProcess bank) {
    BankClient teller = bank.anyone().teller(TENANT);
    deposits.replaceAll(
        (key, before) -> {
          Answer again = deposit(bank, key);
          before.ifPresent(
              answer -> {
                assertThat(again.isReplayed()).isTrue();
                assertThat(again.json()).isEqualTo(answer.json());
              });
          return Optional.of(again);
        });
    Answer first = deposit(bank, deposits.keySet().iterator().next());
    Books books =
        Books.at(
            Math.max(first.position(), teller.open("cust-42", "EUR").position()),
            teller,
            bank.anyone().auditor(TENANT));
    assertThat(books.agree().total()).isEqualByComparingTo(deposits.size() * 5 + ".00");
  }

  /** A job whose program ended during three attempts waits for a person. */
  private static void finish(BankProcess bank, String job) {
    BankClient operator = bank.anyone().operator();
    await()
        .atMost(SOON)
        .until(
            () -> {
              String state = operator.get(job).expect(200).text("state");
              if (state.equals("DEAD")) {
                operator.post(job + "/retry", "").expect(202);
              }
              return state.equals("COMPLETED");
            });
  }
}
