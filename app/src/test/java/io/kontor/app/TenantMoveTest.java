package io.kontor.app;

import static io.kontor.simulator.SimulatedCall.BOOK_SHIPMENT;
import static io.kontor.tenancy.registry.TenantIsolation.DATABASE;
import static io.kontor.tenancy.registry.TenantIsolation.ROW;
import static io.kontor.tenancy.registry.TenantIsolation.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.eventstore.chain.ChainVerifier;
import io.kontor.eventstore.read.EventReader;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.FaultRules;
import io.kontor.simulator.InjectedFault;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.testsupport.ApiClient.Answer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Tenants that move between the shared tables, a schema and a database, and that are closed. */
class TenantMoveTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String HASHES =
      "select encode(hash, 'hex') from event where tenant_id = ? order by position";

  private static final List<String> TRACES =
      List.of("tenant", "event", "job", "job_queue", "job_execution");

  private static final String TYPES = "select type from event where tenant_id = ?";
  private static final String JOBS = "select type from job where tenant_id = ?";
  private static final String TABLES =
      """
      select c.relname as name, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as full_name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where n.nspname in ('kontor', 'kontor_next', 'kontor_previous', 'kontor_scratch')
         and c.relkind in ('r', 'p') and not c.relispartition
      """;

  private final BankFixture bank = BankFixture.running();
  private final BankClient operator = bank.operator();
  private final FaultRules faults = bank.part("counterparty", CounterpartySimulator.class).faults();

  @AfterEach
  void mend() {
    faults.none();
  }

  @Test
  void aTenantMovesThroughAllPlacesWithItsHistoryAndAllThatIsUnderWay() {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    BankClient ada = bank.customer(tenant, "ada");
    String account = teller.openAccount("ada", "EUR");
    String savings = teller.openAccount("bob", "EUR");
    String hook = "{'url':'https://partner.example/hook','kinds':[],'description':'d'}";
    bank.admin(tenant).post("/v1/webhooks", hook).expect(201);
    teller.deposit(account, "100.00").expect(200);
    teller.offer("MUG-1", "9.90", 10);
    faults.always(BOOK_SHIPMENT, InjectedFault.FAIL);
    String order = teller.order(account, "MUG-1", 2).text("id");
    String statement = teller.statement(account);
    String key = BankClient.newKey();
    Answer deposit = deposit(teller, account, key).expect(200);
    Deposits savingUp;
    try (var deposits = new Deposits(teller, savings)) {
      savingUp = deposits;
      List<String> before = hashes(shared(), tenant);
      for (TenantIsolation place : List.of(SCHEMA, DATABASE, ROW)) {
        List<String> news = news(ada, deposit);

        assertThat(outcomeOf(move(tenant, place).expect(202))).isEqualTo("COMPLETED");

        assertThat(operator.get("/v1/tenants/" + tenant).text("isolation")).isEqualTo(place.name());
        assertThat(teller.getAfter(deposit, "/v1/accounts/" + account).amount("balance"))
            .isEqualTo("105.00");
        assertThat(deposit(teller, account, key).expect(200).isReplayed()).isTrue();
        assertThat(news(ada, deposit)).isNotEmpty().endsWith(news.toArray(String[]::new));
        assertThat(bank.admin(tenant).list("/v1/webhooks")).hasSize(1);
        assertThat(teller.list("/v1/accounts?owner=lovelace")).hasSize(2);
        List<String> now = hashes(tables(tenant, place), tenant);
        assertThat(now).hasSizeGreaterThan(before.size()).startsWith(before.toArray(String[]::new));
        before = now;
        if (place.isCell()) {
          assertThat(new Tools(bank.folder()).run("verify", "--cell", tenant).expect(0).lines())
              .last()
              .isEqualTo("all is well");
        }
      }
    }

    faults.none();
    await()
        .atMost(SOON)
        .until(() -> teller.get("/v1/orders/" + order).text("status").equals("CONFIRMED"));
    savingUp.assertEachIsBookedOnce();
    Answer last = deposit(teller, account, BankClient.newKey()).expect(200);
    Books.at(last.position(), teller, bank.auditor(tenant)).agree();
    assertThat(teller.getAfter(last, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("90.20");
    teller.get("/v1/accounts/%s/statements/%s/document".formatted(account, statement)).expect(200);
    var events = new EventReader(bank.postgres().dataSource(DatabaseLogin.WORKER));
    assertThat(ChainVerifier.of(new TenantId(tenant), events).run(events.head(), _ -> {}))
        .isEmpty();

    assertThat(move(tenant, ROW).expect(409).slug()).isEqualTo("tenant-place-conflict");
    assertThat(move(tenant, SCHEMA).expect(409).slug()).isEqualTo("tenant-place-conflict");
    assertThat(places("kontor-" + tenant)).isPositive();
    assertThat(outcomeOf(confirm(tenant).expect(202))).isEqualTo("COMPLETED");
    assertThat(places("kontor-" + tenant)).isZero();
    assertThat(confirm(tenant).expect(409).slug()).isEqualTo("tenant-place-conflict");
    deposit(teller, account, BankClient.newKey()).expect(200);
  }

  @Test
  void aMoveThatFailsLeavesTheTenantWhereItIsAndIsTriedAgain() {
    String tenant = bank.newTenantIn(SCHEMA);
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    Answer first = teller.deposit(account, "1.00").expect(200);
    teller.getAfter(first, "/v1/accounts/" + account).expect(200);
    changeTheBooks(tenant, 1);

    Answer asked = move(tenant, ROW).expect(202);

    assertThat(outcomeOf(asked)).isEqualTo("DEAD");
    String job = asked.header("Location");
    assertThat(operator.get(job).text("failure")).contains("the trial balance differs");
    assertThat(operator.get("/v1/tenants/" + tenant).text("isolation")).isEqualTo("SCHEMA");
    Answer second = teller.deposit(account, "2.00").expect(200);
    teller.getAfter(second, "/v1/accounts/" + account).expect(200);

    changeTheBooks(tenant, -1);
    operator.post(job + "/retry", "").expect(202);

    await()
        .atMost(SOON)
        .until(() -> operator.get(job).expect(200).text("state").equals("COMPLETED"));
    assertThat(operator.get("/v1/tenants/" + tenant).text("isolation")).isEqualTo("ROW");
    assertThat(teller.getAfter(second, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("3.00");
    teller.deposit(account, "1.00").expect(200);
  }

  @Test
  void whatTheEndOfADayHasAccruedWhileTheTenantMovesIsThere() throws SQLException {
    String tenant = bank.newTenant();
    String account = bank.teller(tenant).openAccount();
    Answer asked;
    try (Connection endOfDay = bank.postgres().dataSource(DatabaseLogin.WORKER).getConnection()) {
      var job = new JdbcTemplate(new SingleConnectionDataSource(endOfDay, true));
      job.update(
          "insert into kontor.end_of_day (tenant_id, day, ends_at, step)"
              + " values (?, '2026-01-31', '2026-02-01 00:00Z', 'ACCRUAL')",
          tenant);
      endOfDay.setAutoCommit(false);
      job.execute("select set_config('kontor.tenant', '%s', true)".formatted(tenant));
      job.update("update kontor.end_of_day set accounts = 1 where tenant_id = ?", tenant);

      asked = move(tenant, SCHEMA).expect(202);

      await().atMost(SOON).until(this::aMoveWaits);
      job.update(
          "insert into kontor.interest_accrual"
              + " (tenant_id, account_id, currency, accrued_through, accrued, fees)"
              + " values (?, ?::uuid, 'EUR', '2026-01-31', 12, 0)",
          tenant,
          account);
      endOfDay.commit();
    }

    assertThat(outcomeOf(asked)).isEqualTo("COMPLETED");
    assertThat(count("end_of_day where accounts = 1", tenant, SCHEMA)).isEqualTo(1);
    assertThat(count("interest_accrual where accrued = 12", tenant, SCHEMA)).isEqualTo(1);
  }

  @Test
  void anOpenStreamOfNotificationsEndsWithAMoveAndGoesOnInTheNewPlace() throws Exception {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    BankClient ada = bank.customer(tenant, "ada");
    String account = teller.openAccount("ada", "EUR");
    SocketClient before = SocketClient.of(ada, null);
    teller.deposit(account, "1.00").expect(200);
    String last = before.next().path("id").asString();

    assertThat(outcomeOf(move(tenant, SCHEMA).expect(202))).isEqualTo("COMPLETED");

    assertThat(before.closed()).isEqualTo(1012);
    SocketClient after = SocketClient.of(ada, last);
    teller.deposit(account, "2.00").expect(200);
    assertThat(after.next().path("data").toString()).contains("2.00");
    after.close();
  }

  @Test
  void aMoveThatIsRepeatedLateDoesNotTouchWhereTheTenantIs() {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount("ada", "EUR");
    Answer first = move(tenant, SCHEMA).expect(202);
    assertThat(outcomeOf(first)).isEqualTo("COMPLETED");
    assertThat(outcomeOf(move(tenant, ROW).expect(202))).isEqualTo("COMPLETED");
    String job = first.header("Location");
    assertThat(died(job)).isEqualTo(1);

    operator.post(job + "/retry", "").expect(202);

    await().atMost(SOON).until(() -> operator.get(job).expect(200).text("state").equals("DEAD"));
    assertThat(operator.get(job).text("failure")).contains("confirm that move first");
    assertThat(operator.get("/v1/tenants/" + tenant).text("isolation")).isEqualTo("ROW");
    Answer deposit = teller.deposit(account, "1.00").expect(200);
    assertThat(teller.getAfter(deposit, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("1.00");
    assertThat(teller.list("/v1/accounts?owner=lovelace")).hasSize(1);
  }

  @Test
  void aMoveThatIsGivenUpLeavesNoKeysAndClosingTheTenantNothing() throws SQLException {
    String tenant = bank.newTenantIn(SCHEMA);
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount("ada", "EUR");
    Answer deposit = teller.deposit(account, "1.00").expect(200);
    teller.getAfter(deposit, "/v1/accounts/" + account).expect(200);
    changeTheBooks(tenant, 1);

    assertThat(outcomeOf(move(tenant, DATABASE).expect(202))).isEqualTo("DEAD");

    assertThat(count("event", tenant, DATABASE)).isPositive();
    assertThat(count("subject_key", tenant, DATABASE)).isZero();
    assertThat(count("subject_key", tenant, SCHEMA)).isPositive();
    assertThat(teller.list("/v1/accounts?owner=lovelace")).hasSize(1);

    assertThat(outcomeOf(close(tenant, tenant).expect(202))).isEqualTo("COMPLETED");
    assertThat(places("kontor-" + tenant)).isZero();
  }

  /** Whether the copying of rows waits for another transaction. */
  private boolean aMoveWaits() {
    return Boolean.TRUE.equals(
        shared()
            .queryForObject(
                """
                select exists (select from pg_stat_activity
                  where wait_event_type = 'Lock' and query like '%end_of_day%for update%')
                """,
                Boolean.class));
  }

  /** As if the job had failed for good when it was asked for. */
  private int died(String job) {
    return shared()
        .update(
            "update kontor.job set state = 'DEAD', attempts = max_attempts, failure = 'failed'"
                + " where id = ?::uuid",
            job.substring(job.lastIndexOf('/') + 1));
  }

  /** The number of the tenant's rows of a table in a place. */
  private long count(String table, String tenant, TenantIsolation place) throws SQLException {
    try (Connection app = bank.placeOf(tenant, place, DatabaseLogin.APP).getConnection()) {
      var sql = new JdbcTemplate(new SingleConnectionDataSource(app, true));
      sql.execute("select set_config('kontor.tenant', '%s', false)".formatted(tenant));
      Long rows = sql.queryForObject("select count(*) from " + table, Long.class);
      return rows == null ? 0 : rows;
    }
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
  void theRowsOfATenantInTheSharedTablesAreRemovedAndAnInterruptedRemovalGoesOn() throws Exception {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount("ada", "EUR");
    teller.deposit(account, "100.00").expect(200);
    teller.offer("MUG-1", "9.90", 10);
    teller.orderAndWait(account, "MUG-1", 2);
    teller.placeHold(account, "1.00").expect(201);
    teller.pay(account, "10.00").expect(202);
    teller.statement(account);
    String hook = "{'url':'https://partner.example/hook','kinds':[],'description':'d'}";
    bank.admin(tenant).post("/v1/webhooks", hook).expect(201);
    String neighbour = bank.newTenant();
    BankClient others = bank.teller(neighbour);
    String free = others.openAccount();
    Answer before = others.deposit(free, "1.00").expect(200);
    assertThat(rows(tenant)).hasSizeGreaterThan(12);

    Answer asked;
    try (Connection holder = owner(tenant)) {
      holder.createStatement().execute("select from kontor.webhook for update");
      asked = close(tenant, tenant).expect(202);
      await().atMost(SOON).until(() -> interruptRemoval(tenant) == 1);
      assertThat(rows(tenant)).containsKey("webhook").doesNotContainKey("account");
      holder.commit();
    }

    assertThat(outcomeOf(asked)).isEqualTo("COMPLETED");
    assertThat(rows(tenant).keySet()).isSubsetOf(TRACES);
    assertThat(shared().queryForList(TYPES, String.class, tenant)).containsOnly("event-erased");
    assertThat(shared().queryForList(JOBS, String.class, tenant)).containsOnly("tenant-close");
    var events = new EventReader(bank.postgres().dataSource(DatabaseLogin.WORKER));
    assertThat(ChainVerifier.of(new TenantId(tenant), events).run(events.head(), _ -> {}))
        .isEmpty();
    assertThat(teller.get("/v1/accounts").expect(403).slug()).isEqualTo("unknown-tenant");
    assertThat(others.getAfter(before, "/v1/accounts/" + free).amount("balance")).isEqualTo("1.00");
    Answer after = others.deposit(free, "1.00").expect(200);
    Books.at(after.position(), others, bank.auditor(neighbour)).agree();
  }

  /** The number of a tenant's rows in each table that has some, in all generations. */
  private Map<String, Long> rows(String tenant) throws SQLException {
    Map<String, Long> rows = new TreeMap<>();
    try (Connection owner = owner(tenant)) {
      var sql = new JdbcTemplate(new SingleConnectionDataSource(owner, true));
      for (Map<String, Object> table : sql.queryForList(TABLES)) {
        Long count =
            sql.queryForObject(
                "select count(*) from %s where tenant_id = ?".formatted(table.get("full_name")),
                Long.class,
                tenant);
        if (count != null && count > 0) {
          rows.merge(table.get("name").toString(), count, Long::sum);
        }
      }
    }
    return rows;
  }

  /** The owner of all tables, who sees the rows of one tenant. */
  private Connection owner(String tenant) throws SQLException {
    Connection owner = bank.postgres().dataSource(DatabaseLogin.OWNER).getConnection();
    owner.setAutoCommit(false);
    owner
        .createStatement()
        .execute("select set_config('kontor.tenant', '%s', false)".formatted(tenant));
    owner.commit();
    return owner;
  }

  /** Ends connections that remove rows and wait for one that is locked. */
  private int interruptRemoval(String tenant) throws SQLException {
    try (Connection owner = owner(tenant);
        var ended =
            owner
                .createStatement()
                .executeQuery(
                    """
                    select count(pg_terminate_backend(pid)) from pg_stat_activity
                     where application_name = 'kontor-close' and wait_event_type = 'Lock'
                    """)) {
      ended.next();
      return ended.getInt(1);
    }
  }

  private Answer move(String tenant, TenantIsolation to) {
    return operator.post("/v1/tenants/%s/move".formatted(tenant), "{'to':'%s'}".formatted(to));
  }

  private Answer close(String tenant, String confirmation) {
    return operator.send("DELETE", "/v1/tenants/%s?confirm=%s".formatted(tenant, confirmation), "");
  }

  private Answer confirm(String tenant) {
    return operator.post("/v1/tenants/%s/move/confirm".formatted(tenant), "");
  }

  private JdbcTemplate tables(String tenant, TenantIsolation place) {
    return place.isCell() ? bank.tablesOf(tenant, place) : shared();
  }

  /** Deposits 5.00 again and again, each until it is answered. */
  private static final class Deposits implements AutoCloseable {
    private final BankClient teller;
    private final String account;
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
    private final Future<?> running;
    private volatile boolean isEnding;

    Deposits(BankClient teller, String account) {
      this.teller = teller;
      this.account = account;
      this.running = thread.submit(this::depositAllTheTime);
    }

    private void depositAllTheTime() {
      while (!isEnding) {
        String key = BankClient.newKey();
        answers.put(
            key,
            await()
                .atMost(SOON)
                .until(() -> deposit(teller, account, key), answer -> answer.status() != 503)
                .expect(200));
      }
    }

    @Override
    public void close() {
      isEnding = true;
      assertThat(running).succeedsWithin(SOON);
      thread.close();
    }

    void assertEachIsBookedOnce() {
      Answer last = deposit(teller, account, BankClient.newKey()).expect(200);
      answers.forEach(
          (key, answer) -> {
            Answer again = deposit(teller, account, key).expect(200);
            assertThat(again.isReplayed()).isTrue();
            assertThat(again.json()).isEqualTo(answer.json());
          });
      assertThat(new BigDecimal(teller.getAfter(last, "/v1/accounts/" + account).amount("balance")))
          .isEqualByComparingTo(
              new BigDecimal("5.00").multiply(BigDecimal.valueOf(answers.size() + 1L)));
    }
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

  /** As a fault in the read models of its schema would. */
  private void changeTheBooks(String tenant, int difference) {
    bank.tablesOf(tenant, SCHEMA)
        .execute(
            """
            select set_config('kontor.tenant', '%1$s', false);
            update ledger_total set debits = debits + %2$d
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
