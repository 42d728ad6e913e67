package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.Client.Answer;
import io.kontor.postgres.Login;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;

/** Events that a projection can't take, and what people do about them. */
class DeadLettersHttpTest {
  private static final String LETTERS = "/v1/admin/projections/accounts/dead-letters";
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Bank bank = Bank.running();
  private String tenant;
  private Client admin;
  private Client teller;
  private String account;
  private Map<String, Object> row;

  /** A deposit on an account whose row is gone can't be projected. */
  @BeforeEach
  void parkADeposit() {
    tenant = bank.newTenant();
    admin = bank.admin(tenant);
    teller = bank.teller(tenant);
    account = teller.openAccount();
    teller.getAfter(teller.deposit(account, "1.00").expect(200), "/v1/accounts/" + account);
    row =
        asOwner(
            sql ->
                sql.queryForMap(
                    "delete from kontor.account where account_id = ?::uuid returning *", account));
    teller.deposit(account, "12.50").expect(200);
    teller.deposit(account, "0.50").expect(200);
    await().atMost(SOON).until(() -> letter() != null && letter().path("followers").asInt() == 1);
  }

  @Test
  void aLetterIsShownToItsTenantAloneAndTakenOnceItsCauseIsMended() {
    String path = LETTERS + "/" + letter().path("id").asString();
    Answer shown = admin.get(path).expect(200);
    assertThat(shown.text("type")).endsWith("MoneyDeposited");
    assertThat(shown.json().path("payload").toString()).contains("12.50");
    assertThat(bank.auditor(tenant).get(path).status()).isEqualTo(200);

    Client stranger = bank.admin(bank.newTenant());
    assertThat(stranger.get(LETTERS).expect(200).json().path("items")).isEmpty();
    assertThat(stranger.get(path).expect(404).slug()).isEqualTo("not-found");
    assertThat(post(stranger, path + "/retry", null).status()).isEqualTo(404);
    assertThat(post(stranger, path + "/discard", "{'reason':'x'}").status()).isEqualTo(404);
    assertThat(bank.operator().get(LETTERS).expect(403).slug()).isEqualTo("forbidden");
    assertThat(post(teller, path + "/retry", null).status()).isEqualTo(403);

    mend();
    post(admin, path + "/retry", null).expect(202);
    await().atMost(SOON).until(() -> letter() == null);
    assertThat(teller.get("/v1/accounts/" + account).expect(200).amount("balance"))
        .isEqualTo("14.00");
  }

  @Test
  void aDiscardedEventIsLeftOutAndItIsRecordedWhoDecidedItAndWhy() {
    String path = LETTERS + "/" + letter().path("id").asString();
    assertThat(post(admin, path + "/discard", "{}").expect(400).slug())
        .isEqualTo("invalid-request");
    mend();
    post(admin, path + "/discard", "{'reason':'booked by hand'}").expect(202);
    await().atMost(SOON).until(() -> letter() == null);

    assertThat(
            new JdbcTemplate(bank.postgres().dataSource(Login.WORKER))
                .queryForList(
                    "select reason from kontor.discarded_event where tenant_id = ?"
                        + " and discarded_by <> ''",
                    String.class,
                    tenant))
        .containsExactly("booked by hand");
    assertThat(post(admin, path + "/discard", "{'reason':'again'}").status()).isEqualTo(404);
  }

  private void mend() {
    String columns = String.join(", ", row.keySet());
    String values = String.join(", ", row.keySet().stream().map(column -> "?").toList());
    asOwner(
        sql ->
            sql.update(
                "insert into kontor.account (%s) values (%s)".formatted(columns, values),
                row.values().toArray()));
  }

  private <T> T asOwner(Function<JdbcTemplate, T> work) {
    try (var connection = bank.postgres().dataSource(Login.OWNER).getConnection()) {
      var sql = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      sql.queryForObject("select set_config('kontor.tenant', ?, false)", String.class, tenant);
      return work.apply(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode letter() {
    JsonNode items = admin.get(LETTERS).expect(200).json().path("items");
    return items.isEmpty() ? null : items.get(0);
  }

  private static Answer post(Client client, String path, String body) {
    return client.post(path, body, "Idempotency-Key", Client.newKey());
  }
}
