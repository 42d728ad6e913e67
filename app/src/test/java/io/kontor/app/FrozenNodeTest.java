package io.kontor.app;

import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A frozen node keeps its connections open, like a paused virtual machine. */
@Tag("system")
class FrozenNodeTest {
  private static final String ALL_ROLES = "command,query,projection,saga";
  private static final String TENANT = "acme";

  /** Some ten seconds by the limits that are configured; the machine may be slow. */
  private static final Duration TAKEN_OVER = Duration.ofMinutes(2);

  private final Cluster cluster = new Cluster();
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  @Timeout(420)
  void whatItHadClaimedInATransactionIsTakenOverByAnotherNode() throws Exception {
    BankProcess first = cluster.launch(folder, ALL_ROLES).awaitReady();
    BankProcess second = null;
    try {
      // The first one has everything claimed when the second comes.
      cluster.operator(first.port()).registerTenant(TENANT);
      BankClient atFirst = cluster.client(first.port(), TENANT, "teller");
      String account = atFirst.openAccount();
      Answer deposited = atFirst.deposit(account, "100.00").expect(200);
      atFirst.getAfter(deposited, "/v1/accounts/" + account).expect(200);
      second = cluster.launch(folder, ALL_ROLES).awaitReady();
      BankClient teller = cluster.client(second.port(), TENANT, "teller");

      Answer unseen;
      try (Connection blocker = cluster.database().worker().getConnection()) {
        lockRow(blocker, account);
        unseen = teller.deposit(account, "1.00").expect(200);
        await().atMost(TAKEN_OVER).until(() -> someoneWaitsForTheRow(blocker));
        first.freeze();
        blocker.rollback();
      }
      await()
          .atMost(TAKEN_OVER)
          .until(
              () ->
                  isAnswered(teller.getAfter(unseen, "/v1/accounts/" + account), 200)
                      && isBalance(teller, account, "101.00"));

      String hold =
          "{'amount':%s,'reference':'card','expiresAt':'%s'}"
              .formatted(BankClient.euros("1.00"), Instant.now().plusSeconds(20));
      String key = BankClient.newKey();
      await()
          .atMost(TAKEN_OVER)
          .until(
              () ->
                  isAnswered(
                      teller.post(
                          "/v1/accounts/%s/holds".formatted(account), hold, "Idempotency-Key", key),
                      201));
      await()
          .atMost(TAKEN_OVER)
          .until(
              () -> {
                Answer answer = teller.get("/v1/accounts/" + account);
                return answer.status() == 200 && answer.amount("held").equals("0.00");
              });
    } finally {
      first.thaw();
      first.kill();
      if (second != null) {
        second.kill();
      }
    }
  }

  private static void lockRow(Connection blocker, String account) throws SQLException {
    blocker.setAutoCommit(false);
    try (var tenant = blocker.createStatement();
        var lock =
            blocker.prepareStatement(
                "select from kontor.account where account_id = ? for update")) {
      tenant.execute("select set_config('kontor.tenant', '%s', true)".formatted(TENANT));
      lock.setObject(1, UUID.fromString(account));
      lock.execute();
    }
  }

  private static boolean someoneWaitsForTheRow(Connection blocker) throws SQLException {
    try (var statement = blocker.createStatement();
        var row =
            statement.executeQuery(
                """
                select exists (select from pg_locks
                  where not granted and pg_backend_pid() = any (pg_blocking_pids(pid)))
                """)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static boolean isBalance(BankClient teller, String account, String amount) {
    return teller.get("/v1/accounts/" + account).amount("balance").equals(amount);
  }

  /** While streams change owners, some responses are 503. */
  private static boolean isAnswered(Answer answer, int status) {
    if (answer.status() == 503 || answer.status() == 409) {
      return false;
    }
    answer.expect(status);
    return true;
  }
}
