package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.testsupport.ApiClient.Answer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What auditors rely on: an account at each of its events, and the chain of all events. */
class AuditTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String VERIFICATIONS = "/v1/admin/chain-verifications";

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);
  private final BankClient auditor = BANK.auditor(tenant);
  private final BankClient admin = BANK.admin(tenant);

  @Test
  void anAccountIsShownAsItWasAfterEachEvent() {
    String account = teller.openAccount();
    String path = "/v1/accounts/" + account;
    teller.deposit(account, "10.00").expect(200);
    teller
        .put(path + "/overdraft-limit", "{'overdraftLimit':%s}".formatted(BankClient.euros("5.00")))
        .expect(200);
    teller.placeHold(account, "4.00").expect(201);
    teller.freeze(account).expect(200);
    teller.post(path + "/unfreeze", "{'reason':'lifted'}").expect(200);
    teller.transfer(account, teller.openAccount(), "1.00").expect(201);

    String history = "/v1/admin/accounts/%s/history".formatted(account);
    List<String> states = auditor.list(history).stream().map(AuditTest::state).toList();
    assertThat(states)
        .containsExactly(
            "account-opened OPEN 0.00 0.00 0.00 0.00",
            "money-deposited OPEN 10.00 0.00 0.00 10.00",
            "overdraft-limit-changed OPEN 10.00 0.00 5.00 15.00",
            "hold-placed OPEN 10.00 4.00 5.00 11.00",
            "account-frozen FROZEN 10.00 4.00 5.00 11.00",
            "account-unfrozen OPEN 10.00 4.00 5.00 11.00",
            "transfer-sent OPEN 9.00 4.00 5.00 10.00");
    for (int from = 0; from < states.size(); from++) {
      assertThat(auditor.list(history + "?from=" + from).stream().map(AuditTest::state))
          .as("from event %d", from)
          .containsExactlyElementsOf(states.subList(from, states.size()));
    }
    assertThat(auditor.get(history + "?from=7").expect(200).json().path("items")).isEmpty();
    BANK.auditor(BANK.newTenant()).get(history).expect(404);
    teller.get(history).expect(403);
  }

  @Test
  void anEventThatWasChangedIsFound() throws SQLException {
    teller.deposit(teller.openAccount(), "10.00").expect(200);
    long position = auditor.list("/v1/admin/events").getLast().path("position").asLong();
    JsonNode whole = verified();
    assertThat(whole.path("findings")).isEmpty();
    assertThat(whole.path("events").asLong()).isEqualTo(2);
    assertThat(whole.path("position").asLong()).isEqualTo(position);
    assertThat(whole.path("head").asString()).hasSize(64);
    change(position, "10.00", "90.00");
    try {
      JsonNode broken = verified();
      assertThat(broken.path("findings")).hasSize(1);
      assertThat(broken.at("/findings/0/position").asLong()).isEqualTo(position);
      assertThat(broken.at("/findings/0/what").asString()).contains("was changed");
    } finally {
      change(position, "90.00", "10.00");
    }
    assertThat(verified()).isEqualTo(whole);
    auditor.post(VERIFICATIONS, "").expect(403);
  }

  @Test
  void aRepeatedRequestIsAnsweredWithItsVerification() {
    Answer first = admin.post(VERIFICATIONS, "", "Idempotency-Key", "once").expect(202);
    result(first);
    Answer again = admin.post(VERIFICATIONS, "", "Idempotency-Key", "once").expect(202);
    assertThat(again.text("job")).isEqualTo(first.text("job"));
  }

  private JsonNode verified() {
    return result(admin.post(VERIFICATIONS, "").expect(202));
  }

  private JsonNode result(Answer asked) {
    String job = asked.header("Location");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> admin.get(job).expect(200).text("state").equals("COMPLETED"));
    return admin.get(job).json().path("result");
  }

  private static String state(JsonNode moment) {
    JsonNode state = moment.path("state");
    return "%s %s %s %s %s %s"
        .formatted(
            moment.at("/event/type").asString(),
            state.path("status").asString(),
            state.at("/balance/amount").asString(),
            state.at("/held/amount").asString(),
            state.at("/overdraftLimit/amount").asString(),
            state.at("/available/amount").asString());
  }

  /** As the owner of the database could. */
  private static void change(long position, String from, String to) throws SQLException {
    try (var owner = BANK.postgres().dataSource(DatabaseLogin.OWNER).getConnection();
        var sql = owner.createStatement()) {
      owner.setAutoCommit(false);
      sql.execute("alter table kontor.event no force row level security");
      sql.execute(
          "update kontor.event set payload = replace(payload::text, '%s', '%s')::json where position = %d"
              .formatted(from, to, position));
      sql.execute("alter table kontor.event force row level security");
      owner.commit();
    }
  }
}
