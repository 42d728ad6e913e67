package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.testsupport.ApiClient.Answer;
import io.kontor.testsupport.TcpProxy;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** A tenant whose database, on a server of its own, can't be reached. */
class CellOutageTest {
  private static final String TENANT = "initech";

  @TempDir private Path folder;

  private EmbeddedPostgres server;
  private int target;
  private TcpProxy proxy;
  private BankFixture bank;

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedPostgres.startTemporary();
    target = URI.create(server.jdbcUrl().substring("jdbc:".length())).getPort();
    proxy = new TcpProxy(target);
    bank = startBank();
  }

  @AfterEach
  void stop() throws IOException {
    bank.stop();
    proxy.close();
    server.close();
  }

  @Test
  void onlyItsOwnTenantNoticesThatADatabaseIsGone() throws IOException {
    register();
    BankClient teller = bank.teller(TENANT);
    String account = teller.openAccount();
    Answer deposit = teller.deposit(account, "10.00").expect(200);
    String other = bank.teller("acme").openAccount();

    goAway();

    assertThat(teller.get("/v1/accounts/" + account).expect(503).header("Retry-After")).isNotNull();
    assertThat(teller.deposit(account, "1.00").status()).isEqualTo(503);
    for (int i = 0; i < 20; i++) {
      Answer served = bank.teller("acme").deposit(other, "1.00").expect(200);
      bank.teller("acme").getAfter(served, "/v1/accounts/" + other).expect(200);
    }
    assertThat(bank.anyone().get("/actuator/health/readiness").status()).isEqualTo(200);

    comeBack();

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(teller.get("/v1/accounts/" + account).status()).isEqualTo(200));
    assertThat(teller.getAfter(deposit, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("10.00");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> teller.deposit(account, "5.00").status() == 200);
  }

  @Test
  void aNodeStartsWithoutADatabaseAndOpensItLater() throws IOException {
    register();
    String account = bank.teller(TENANT).openAccount();
    bank.stop();
    goAway();

    bank = startBank();

    Answer refused = bank.teller(TENANT).get("/v1/accounts/" + account).expect(503);
    assertThat(refused.slug()).isEqualTo("database-unavailable");
    bank.teller("acme").openAccount();
    assertThat(bank.anyone().get("/actuator/health").expect(503).status()).isEqualTo(503);

    comeBack();

    BankClient teller = bank.teller(TENANT);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> teller.get("/v1/accounts/" + account).status() == 200);
    assertThat(bank.operator().get("/v1/tenants/" + TENANT).expect(200).text("secret"))
        .isEqualTo("other");
  }

  @Test
  void aCellThatWaitsForItsMigrationsHoldsUpNoOtherTenantsMove() throws SQLException {
    register();
    String account = bank.teller(TENANT).openAccount();
    bank.stop();
    try (Connection dump = server.dataSource(DatabaseLogin.OWNER).getConnection()) {
      dump.setAutoCommit(false);
      dump.createStatement().execute("lock table kontor.flyway_schema_history");
      bank = startBank();
      bank.teller(TENANT).get("/v1/accounts/" + account).expect(503);
      BankClient admin = bank.admin("acme");
      String hook = "{'url':'https://partner.example/hook','kinds':[],'description':'d'}";
      admin.post("/v1/webhooks", hook).expect(201);

      suspendAcme("clock_timestamp() + interval '1 min'");

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> admin.post("/v1/webhooks", hook).status() == 503);
      suspendAcme("null");
    }

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> bank.teller(TENANT).get("/v1/accounts/" + account).status() == 200);
  }

  private void suspendAcme(String until) {
    new JdbcTemplate(bank.postgres().dataSource(DatabaseLogin.WORKER))
        .update(
            "update kontor.tenant set suspended_until = %s, placed_at = clock_timestamp()"
                    .formatted(until)
                + " where tenant_id = 'acme'");
  }

  @Test
  void aDatabaseOfAnotherTenantIsRefused() {
    register();

    Answer refused =
        bank.operator().post("/v1/tenants", "{'id':'hooli','name':'Hooli','isolation':'DATABASE'}");

    assertThat(refused.expect(503).slug()).isEqualTo("database-unavailable");
    bank.operator().get("/v1/tenants/hooli").expect(404);
    assertThat(bank.part(MeterRegistry.class).isClosed()).isFalse();
  }

  private void register() {
    bank.operator()
        .post("/v1/tenants", "{'id':'initech','name':'Initech','isolation':'DATABASE'}")
        .expect(201);
  }

  private void goAway() throws IOException {
    proxy.close();
  }

  private void comeBack() throws IOException {
    proxy = new TcpProxy(proxy.port(), target);
  }

  /** Both tenants are described with the same database. */
  private BankFixture startBank() {
    String url = "jdbc:postgresql://127.0.0.1:%d/kontor".formatted(proxy.port());
    return BankFixture.startIn(
        folder,
        "--kontor.cells.initech.url=" + url,
        "--kontor.cells.initech.secret=other",
        "--kontor.cells.hooli.url=" + url,
        "--kontor.cells.hooli.secret=other",
        "--other.owner.password=" + server.password(DatabaseLogin.OWNER),
        "--other.app.password=" + server.password(DatabaseLogin.APP),
        "--other.worker.password=" + server.password(DatabaseLogin.WORKER));
  }
}
