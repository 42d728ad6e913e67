package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.testsupport.ApiClient.Answer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;

/**
 * A tenant's account with a dead letter: a deposit of 12.50 that can't be projected, since the
 * account's row is gone, with one of 0.50 behind it. The balance before was 1.00. The tenant's
 * admin looks at notifications before.
 */
record ParkedDeposit(BankFixture bank, String tenant, String account, Map<String, Object> row) {
  static final String LETTERS = "/v1/admin/projections/accounts/dead-letters";
  static final Duration SOON = Duration.ofSeconds(60);

  static ParkedDeposit in(BankFixture bank) {
    String tenant = bank.newTenant();
    bank.admin(tenant).get("/v1/notifications").expect(200);
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    teller.getAfter(teller.deposit(account, "1.00").expect(200), "/v1/accounts/" + account);
    Map<String, Object> row =
        asOwner(
            bank,
            tenant,
            sql ->
                sql.queryForMap(
                    "delete from kontor.account where account_id = ?::uuid returning *", account));
    teller.deposit(account, "12.50").expect(200);
    teller.deposit(account, "0.50").expect(200);
    var parked = new ParkedDeposit(bank, tenant, account, row);
    await()
        .atMost(SOON)
        .until(parked::letter, letter -> letter != null && letter.path("followers").asInt() == 1);
    return parked;
  }

  /** The account's only dead letter; null when there is none. */
  @Nullable JsonNode letter() {
    JsonNode items = bank.admin(tenant).get(LETTERS).expect(200).json().path("items");
    return items.isEmpty() ? null : items.get(0);
  }

  String id() {
    return letter().path("id").asString();
  }

  void awaitNone() {
    await().atMost(SOON).until(() -> letter() == null);
  }

  /** Restores the row, so that both deposits can be projected. */
  void mend() {
    String columns = String.join(", ", row.keySet());
    String values = String.join(", ", row.keySet().stream().map(column -> "?").toList());
    asOwner(
        bank,
        tenant,
        sql ->
            sql.update(
                "insert into kontor.account (%s) values (%s)".formatted(columns, values),
                row.values().toArray()));
  }

  /** Nodes hear of rows that a retry changed by a notification. */
  void awaitBalance(String balance) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              Answer account = bank.teller(tenant).get("/v1/accounts/" + this.account).expect(200);
              assertThat(account.amount("balance")).isEqualTo(balance);
            });
  }

  /** The discarded events' operator and reason: {@code by: reason}. */
  List<String> discarded() {
    return new JdbcTemplate(bank.postgres().dataSource(DatabaseLogin.WORKER))
        .queryForList(
            "select discarded_by || ': ' || reason from kontor.discarded_event"
                + " where tenant_id = ?",
            String.class,
            tenant);
  }

  private static <T> T asOwner(BankFixture bank, String tenant, Function<JdbcTemplate, T> work) {
    try (var connection = bank.postgres().dataSource(DatabaseLogin.OWNER).getConnection()) {
      var sql = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      sql.queryForObject("select set_config('kontor.tenant', ?, false)", String.class, tenant);
      return work.apply(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
