package io.kontor.app;

import static io.kontor.simulator.SimulatedCall.BOOK_SHIPMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.FaultRules;
import io.kontor.simulator.InjectedFault;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Tenants that move from the shared tables into a schema or a database of their own, and that are
 * closed.
 */
class TenantMoveTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String HASHES =
      "select encode(hash, 'hex') from event where tenant_id = ? order by position";

  private final BankFixture bank = BankFixture.running();
  private final BankClient operator = bank.operator();
  private final FaultRules faults = bank.part("counterparty", CounterpartySimulator.class).faults();

  @AfterEach
  void mend() {
    faults.none();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ROW")
  void aTenantMovesWithItsHistoryAndAllThatIsUnderWay(TenantIsolation isolation) {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    BankClient ada = bank.customer(tenant, "ada");
    String account = teller.openAccount("ada", "EUR");
    String hook = "{'url':'https://partner.example/hook','kinds':[],'description':'d'}";
    bank.admin(tenant).post("/v1/webhooks", hook).expect(201);
    teller.deposit(account, "100.00").expect(200);
    teller.offer("MUG-1", "9.90", 10);
    faults.always(BOOK_SHIPMENT, InjectedFault.FAIL);
    String order = teller.order(account, "MUG-1", 2).text("id");
    String statement = teller.statement(account);
    String key = BankClient.newKey();
    Answer deposit = deposit(teller, account, key).expect(200);
    List<String> news = news(ada, deposit);

    Answer asked = move(tenant, isolation).expect(202);

    assertThat(outcomeOf(asked)).isEqualTo("COMPLETED");
    assertThat(operator.get("/v1/tenants/" + tenant).text("isolation")).isEqualTo(isolation.name());
    assertThat(teller.getAfter(deposit, "/v1/accounts/" + account).expect(200).amount("balance"))
        .isEqualTo("105.00");
    assertThat(deposit(teller, account, key).expect(200).isReplayed()).isTrue();
    assertThat(news(ada, deposit)).isNotEmpty().isEqualTo(news);
    assertThat(bank.admin(tenant).list("/v1/webhooks")).hasSize(1);
    List<String> before = hashes(shared(), tenant);
    assertThat(hashes(bank.tablesOf(tenant, isolation), tenant))
        .isNotEmpty()
        .startsWith(before.toArray(String[]::new));

    faults.none();
    await()
        .atMost(SOON)
        .until(() -> teller.get("/v1/orders/" + order).text("status").equals("CONFIRMED"));
    Answer last = deposit(teller, account, BankClient.newKey()).expect(200);
    Books.at(last.position(), teller, bank.auditor(tenant)).agree();
    teller.get("/v1/accounts/%s/statements/%s/document".formatted(account, statement)).expect(200);
    assertThat(hashes(shared(), tenant)).isEqualTo(before);
    assertThat(
            shared()
                .queryForObject(
                    "select count(*) from kontor.saga where tenant_id = ?", Integer.class, tenant))
        .isZero();
    assertThat(new Tools(bank.folder()).run("verify", "--cell", tenant).expect(0).lines())
        .last()
        .isEqualTo("all is well");
    assertThat(move(tenant, TenantIsolation.DATABASE).expect(409).slug())
        .isEqualTo("tenant-place-conflict");
  }

  @Test
  void aMoveThatFailsLeavesTheTenantWhereItIsAndIsTriedAgain() {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    Answer first = teller.deposit(account, "1.00").expect(200);
    teller.getAfter(first, "/v1/accounts/" + account).expect(200);
    changeTheBooks(tenant, 1);

    Answer asked = move(tenant, TenantIsolation.SCHEMA).expect(202);

    assertThat(outcomeOf(asked)).isEqualTo("DEAD");
    String job = asked.header("Location");
    assertThat(operator.get(job).text("failure")).contains("the trial balance differs");
    assertThat(operator.get("/v1/tenants/" + tenant).text("isolation")).isEqualTo("ROW");
    Answer second = teller.deposit(account, "2.00").expect(200);
    teller.getAfter(second, "/v1/accounts/" + account).expect(200);

    changeTheBooks(tenant, -1);
    operator.post(job + "/retry", "").expect(202);

    await()
        .atMost(SOON)
        .until(() -> operator.get(job).expect(200).text("state").equals("COMPLETED"));
    assertThat(teller.getAfter(second, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("3.00");
  }

  @Test
  void theWriterTakesNoEventOfATenantThatIsSuspended() {
    String suspended = bank.newTenant();
    BankClient teller = bank.teller(suspended);
    String account = teller.openAccount();
    String other = bank.newTenant();
    String free = bank.teller(other).openAccount();

    suspend(suspended, "clock_timestamp() + interval '1 min'");

    Answer refused = teller.deposit(account, "1.00").expect(503);
    assertThat(refused.slug()).isEqualTo("store-busy");
    assertThat(refused.header("Retry-After")).isNotNull();
    teller.get("/v1/accounts/" + account).expect(200);
    bank.teller(other).deposit(free, "1.00").expect(200);

    suspend(suspended, "null");

    await().atMost(SOON).until(() -> teller.deposit(account, "1.00").status() == 200);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ROW")
  void aClosedTenantIsRefusedAndItsDataIsGone(TenantIsolation isolation) {
    String tenant = bank.newTenantIn(isolation);
    BankClient teller = bank.teller(tenant);
    teller.openAccount();

    close(tenant, "another").expect(400);
    Answer asked = close(tenant, tenant).expect(202);

    assertThat(outcomeOf(asked)).isEqualTo("COMPLETED");
    assertThat(teller.get("/v1/accounts").expect(403).slug()).isEqualTo("unknown-tenant");
    assertThat(places("kontor-" + tenant)).isZero();
    assertThat(operator.get("/v1/tenants/" + tenant).expect(200).text("closedAt")).isNotBlank();
    Answer again =
        operator.post(
            "/v1/tenants",
            "{'id':'%s','name':'New','isolation':'%s'}".formatted(tenant, isolation));
    assertThat(again.expect(409).slug()).isEqualTo("tenant-exists");
    assertThat(places("kontor-" + tenant)).isZero();
  }

  @Test
  void aTenantInTheSharedTablesCantBeClosed() {
    String tenant = bank.newTenant();

    assertThat(close(tenant, tenant).expect(409).slug()).isEqualTo("tenant-place-conflict");
    assertThat(
            new Tools(bank.folder())
                .run("tenants", "close", tenant, "--confirm", tenant)
                .expect(2)
                .err())
        .startsWith("kontor: the tenant shares its tables");
    bank.teller(tenant).openAccount();
  }

  private Answer move(String tenant, TenantIsolation to) {
    return operator.post("/v1/tenants/%s/move".formatted(tenant), "{'to':'%s'}".formatted(to));
  }

  private Answer close(String tenant, String confirmation) {
    return operator.send("DELETE", "/v1/tenants/%s?confirm=%s".formatted(tenant, confirmation), "");
  }

  private static List<String> news(BankClient customer, Answer after) {
    return customer
        .getAfter(after, "/v1/notifications")
        .expect(200)
        .json()
        .path("items")
        .valueStream()
        .map(one -> one.path("id").asString())
        .toList();
  }

  private static Answer deposit(BankClient teller, String account, String key) {
    return teller.post(
        "/v1/accounts/%s/deposits".formatted(account),
        BankClient.movement("5.00"),
        "Idempotency-Key",
        key);
  }

  private String outcomeOf(Answer asked) {
    String job = asked.header("Location");
    await()
        .atMost(SOON)
        .until(() -> operator.get(job).expect(200).json().path("endedAt").isString());
    return operator.get(job).text("state");
  }

  private void suspend(String tenant, String until) {
    shared()
        .update(
            "update kontor.tenant set suspended_until = %s, placed_at = clock_timestamp()"
                    .formatted(until)
                + " where tenant_id = ?",
            tenant);
  }

  /** As a fault in the read models of the shared tables would. */
  private void changeTheBooks(String tenant, int difference) {
    shared()
        .execute(
            """
            select set_config('kontor.tenant', '%1$s', false);
            update kontor.ledger_total set debits = debits + %2$d
             where tenant_id = '%1$s' and ledger_account = 'CASH'
            """
                .formatted(tenant, difference));
  }

  /** Databases and schemas of this name, and schemas of its next generation. */
  private int places(String name) {
    Integer count =
        shared()
            .queryForObject(
                """
                select (select count(*) from pg_database where datname = ?)
                     + (select count(*) from pg_namespace where nspname in (?, ? || '_next'))
                """,
                Integer.class,
                name,
                name,
                name);
    return count == null ? 0 : count;
  }

  private JdbcTemplate shared() {
    return new JdbcTemplate(bank.postgres().dataSource(DatabaseLogin.WORKER));
  }

  private static List<String> hashes(JdbcTemplate database, String tenant) {
    return database.queryForList(HASHES, String.class, tenant);
  }
}
