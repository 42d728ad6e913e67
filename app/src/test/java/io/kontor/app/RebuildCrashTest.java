package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bank is killed while it rebuilds its read models: the rebuild resumes with a correct result.
 */
@Tag("system")
class RebuildCrashTest {
  /** So small that a rebuild of a few thousand events takes seconds. */
  private static final Map<String, String> SLOWLY =
      Map.of("KONTOR_PROJECTIONS_REBUILD_BATCHSIZE", "10");

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  @TempDir private Path folder;

  @AfterEach
  void stopPostgres() {
    BankProcess.stopPostgres(folder);
  }

  @Test
  @Timeout(600)
  void aRebuildGoesOnAfterAKillInItsMiddleAndAfterOneNearItsSwap() {
    System.out.println("-Dkontor.seed=" + seed);
    String rebuild;
    long position;
    try (var bank = BankProcess.start(folder, SLOWLY)) {
      position = makeHistory(bank);
      rebuild = begin(bank);
      int killAt = 200 + random.nextInt(1_000);
      awaitState(bank, rebuild, state -> state.json().path("processed").asLong() > killAt);
      bank.kill();
    }
    try (var bank = BankProcess.start(folder, SLOWLY)) {
      assertAgreement(bank, position);
      awaitState(bank, rebuild, state -> !state.text("phase").equals("FILL"));
      bank.kill();
    }
    try (var bank = BankProcess.start(folder, SLOWLY)) {
      assertAgreement(bank, position);
      awaitState(bank, rebuild, state -> state.text("state").equals("DONE"));
      assertAgreement(bank, position);
      assertThat(generations(bank)).containsOnly(2);
      long after = transfers(bank.anyone().teller("acme"), accounts(bank), 20).position();
      assertAgreement(bank, after);
    }
  }

  private long makeHistory(BankProcess bank) {
    BankClient teller = bank.anyone().teller("acme");
    await().until(() -> teller.get("/v1/accounts").status() == 200);
    for (int n = 0; n < 4; n++) {
      teller.deposit(teller.openAccount(), "1000.00").expect(200);
    }
    List<String> accounts = accounts(bank);
    Answer last = transfers(teller, accounts, 1_000);
    return last.position();
  }

  private Answer transfers(BankClient teller, List<String> accounts, int count) {
    List<String> transfers = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int from = random.nextInt(accounts.size());
      int to = (from + 1) % accounts.size();
      transfers.add(BankClient.transferBody(accounts.get(from), accounts.get(to), "0.01"));
    }
    teller
        .post("/v1/transfers/bulk", "{'transfers':[%s]}".formatted(String.join(",", transfers)))
        .expect(200);
    return teller.deposit(accounts.getFirst(), "0.01").expect(200);
  }

  private static List<String> accounts(BankProcess bank) {
    BankClient teller = bank.anyone().teller("acme");
    await().until(() -> teller.list("/v1/accounts").size() == 4);
    return teller.list("/v1/accounts").stream().map(a -> a.path("id").asString()).toList();
  }

  private static String begin(BankProcess bank) {
    Answer begun = bank.anyone().operator().post("/v1/admin/projections/rebuild", null).expect(202);
    assertThat(begun.header("Location")).isEqualTo("/v1/admin/rebuilds/" + begun.text("id"));
    return begun.text("id");
  }

  private static void awaitState(BankProcess bank, String rebuild, Predicate<Answer> wanted) {
    BankClient operator = bank.anyone().operator();
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              Answer state = operator.get("/v1/admin/rebuilds/" + rebuild).expect(200);
              assertThat(state.text("state")).isIn("RUNNING", "DONE");
              return wanted.test(state) || state.text("state").equals("DONE");
            });
  }

  private static void assertAgreement(BankProcess bank, long position) {
    Books.at(position, bank.anyone().teller("acme"), bank.anyone().auditor("acme")).agree();
  }

  private static List<Integer> generations(BankProcess bank) {
    List<Integer> generations = new ArrayList<>();
    bank.anyone()
        .operator()
        .get("/v1/admin/projections")
        .json()
        .forEach(projection -> generations.add(projection.path("generation").asInt()));
    return generations;
  }
}
