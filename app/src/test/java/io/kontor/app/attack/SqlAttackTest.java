package io.kontor.app.attack;

import static io.kontor.app.attack.TwoTenants.ATTACKER;
import static io.kontor.app.attack.TwoTenants.VICTIM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A client that can send any SQL with a serving login sees nothing of another tenant. */
class SqlAttackTest {
  private static final String NO_TENANT =
      """
      ERROR: no tenant is set for this transaction
        Where: PL/pgSQL function current_tenant() line 6 at RAISE\
      """;

  private static final List<String> WRITES_INTO_THE_VICTIM =
      List.of(
          """
          insert into %1$s select (jsonb_populate_record(null::%1$s,
            to_jsonb(r) || '{"tenant_id":"acme"}')).* from %1$s r
          """,
          """
          insert into %1$s select (jsonb_populate_record(null::%1$s,
            to_jsonb(r) || '{"tenant_id":"acme"}')).* from %1$s r on conflict do nothing
          """,
          "update %1$s set tenant_id = 'acme'");

  private static final List<String> WRITES_OVER_THE_VICTIM =
      List.of(
          "update %s set tenant_id = tenant_id where tenant_id = 'acme'",
          "delete from %s where tenant_id = 'acme'");

  private static TestDatabase database;
  private static List<String> relations;

  @BeforeAll
  static void moveIn() {
    database = TestDatabase.create();
    TwoTenants.movedInto(database);
    new JdbcTemplate(database.owner()).execute("analyze");
    relations = relations(database);
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  /** Without this the other tests could pass because there is no data. */
  @Test
  void everyTableWithATenantHasRowsOfBoth() throws SQLException {
    for (String tenant : List.of(VICTIM, ATTACKER)) {
      List<String> visible = new ArrayList<>();
      for (DatabaseLogin login : List.of(DatabaseLogin.APP, DatabaseLogin.WORKER)) {
        try (Connection connection = connection(database, login, tenant)) {
          visible.addAll(rows(connection, relations, tenant).keySet());
        }
      }
      assertThat(visible).containsAll(relations);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1",
        "set row_security = off",
        "set role kontor_owner",
        "set role kontor_worker",
        "set role postgres",
        "set role pg_read_all_data",
        "set session authorization kontor_owner",
        "set session authorization kontor_worker",
        "set session authorization postgres",
        "reset role; reset session authorization",
        "grant kontor_owner to kontor_app",
        "grant kontor_worker to kontor_app",
        "grant pg_read_all_data to kontor_app",
        "alter role kontor_app bypassrls",
        "alter role kontor_app superuser",
        "alter table kontor.account disable row level security",
        "alter table kontor.account owner to kontor_app",
        "alter policy tenant_isolation on kontor.account using (true)",
        "create policy open on kontor.account using (true)",
        "create or replace function kontor.current_tenant() returns text language sql as $$ select"
            + " 'acme' $$",
        "create function public.current_tenant() returns text language sql as $$ select 'acme' $$",
        "create temporary table current_tenant (tenant_id text)",
        "create schema mine",
        "set search_path = public, pg_temp, kontor",
        "set session_replication_role = replica",
        "begin; select set_config('kontor.tenant', '', true); commit",
        "discard all",
        "reset all"
      })
  void noEscapeShowsTheAppARowOfAnotherTenant(String escape) throws SQLException {
    try (Connection connection = connection(database, DatabaseLogin.APP, null)) {
      for (String tenant : new String[] {null, "", ATTACKER}) {
        become(connection, tenant);
        refusal(connection, escape);
        assertThat(rows(connection, relations, VICTIM))
            .as("rows of %s as tenant '%s' after %s", VICTIM, tenant, escape)
            .isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "%", "ACME", "acme ", " acme", "acme%00", "acme','globex"})
  void aWrongTenantSeesNothingAtAll(String tenant) throws SQLException {
    try (Connection connection = connection(database, DatabaseLogin.APP, tenant)) {
      assertThat(rows(connection, relations, VICTIM)).isEmpty();
      assertThat(rows(connection, relations, ATTACKER)).isEmpty();
    }
  }

  @Test
  void withoutATenantEveryReadFailsInsteadOfAnsweringNothing() throws SQLException {
    for (String tenant : new String[] {null, ""}) {
      try (Connection connection = connection(database, DatabaseLogin.APP, tenant)) {
        for (String relation : relations) {
          assertThat(refusal(connection, "select * from " + relation))
              .as("reading %s as tenant '%s'", relation, tenant)
              .isEqualTo("42501");
        }
      }
    }
  }

  @Test
  void theWorkerIsBoundInTheReadModels() throws SQLException {
    List<String> ofEveryTenant =
        List.of(
            "kontor.tenant",
            "kontor.cell",
            "kontor.former_cell",
            "kontor.event",
            "kontor.snapshot",
            "kontor.idempotency",
            "kontor.dead_letter",
            "kontor.discarded_event",
            "kontor.scheduled_tasks",
            "kontor.job",
            "kontor.job_queue",
            "kontor.job_execution",
            "kontor.job_overview",
            "kontor.saga",
            "kontor.end_of_day",
            "kontor.rebuild");
    for (String tenant : new String[] {null, "", "nobody", ATTACKER}) {
      try (Connection connection = connection(database, DatabaseLogin.WORKER, tenant)) {
        assertThat(rows(connection, relations, VICTIM).keySet())
            .as("what the worker sees of %s as '%s'", VICTIM, tenant)
            .containsExactlyInAnyOrderElementsOf(ofEveryTenant);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "copy kontor.account to stdout",
        "copy kontor.event to program 'cat'",
        "copy kontor.account to '/tmp/stolen'",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "select * from pg_authid",
        "truncate kontor.account",
        "delete from kontor.account",
        "delete from kontor.event",
        "update kontor.event set tenant_id = 'globex'",
        "update kontor.account set balance = 0",
        "insert into kontor.account select * from kontor.account",
        "insert into kontor.event select * from kontor.event",
        "update kontor.tenant set name = 'Ours'",
        "delete from kontor.tenant",
        "select * from kontor.token",
        "delete from kontor.token",
        "select * from kontor.flyway_schema_history",
        "alter system set fsync = off",
        "load 'anything'",
        "create extension dblink",
        "do language plpythonu $$ $$"
      })
  void theAppMayNotEvenTry(String statement) throws SQLException {
    try (Connection connection = connection(database, DatabaseLogin.APP, null)) {
      assertThat(refusal(connection, statement)).isNotEqualTo("00000");
    }
  }

  @Test
  void statisticsTellNothingAboutProtectedColumns() throws SQLException {
    try (Connection connection = connection(database, DatabaseLogin.APP, ATTACKER);
        var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                "select count(*) from pg_stats where schemaname = 'kontor'"
                    + " and tablename not in ('token', 'parked_events')")) {
      assertThat(found.next()).isTrue();
      assertThat(found.getInt(1)).isZero();
    }
  }

  /** A cheap function in a condition would be called on foreign rows before the policy is. */
  @Test
  void aConditionThatTellsWhatItSeesSeesOwnRowsOnly() throws SQLException {
    try (Connection connection = connection(database, DatabaseLogin.APP, ATTACKER)) {
      for (String relation : relations) {
        String answer =
            message(
                connection,
                "select count(*) from %s r where (row_to_json(r)::text || 'x')::numeric = 0"
                    .formatted(relation));
        assertThat(answer).doesNotContain(VICTIM);
      }
    }
  }

  @Test
  void everyFunctionOfTheSchemaNeedsATenant() throws SQLException {
    List<String> functions =
        new JdbcTemplate(database.owner())
            .queryForList(
                """
                select format('%s(%s)', oid::regproc,
                  (select string_agg('null::' || t::regtype, ', ') from unnest(proargtypes) t))
                  from pg_proc where pronamespace = 'kontor'::regnamespace
                """,
                String.class);
    assertThat(functions).isNotEmpty();
    for (String function : functions) {
      for (String tenant : new String[] {null, ""}) {
        try (Connection connection = connection(database, DatabaseLogin.APP, tenant)) {
          assertThat(refusal(connection, "select " + function)).isEqualTo("42501");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DatabaseLogin.class,
      names = {"APP", "WORKER"})
  void noRowIsWrittenIntoAnotherTenant(DatabaseLogin login) throws SQLException {
    try (Connection connection = connection(database, login, ATTACKER)) {
      for (String table : readModels()) {
        for (String write : WRITES_INTO_THE_VICTIM) {
          assertThat(refusal(connection, write.formatted(table)))
              .as("%s: %s", login, write.formatted(table))
              .isEqualTo("42501");
        }
        for (String write : WRITES_OVER_THE_VICTIM) {
          assertThat(changed(connection, write.formatted(table)))
              .as("%s: %s", login, write.formatted(table))
              .isZero();
        }
      }
    }
  }

  @Test
  void aTenantIsNotRegisteredByAnother() throws SQLException {
    try (Connection connection = connection(database, DatabaseLogin.APP, ATTACKER)) {
      assertThat(
              refusal(
                  connection, "insert into kontor.tenant (tenant_id, name) values ('new', 'n')"))
          .isEqualTo("42501");
      // This must not reveal whether one exists, either.
      assertThat(
              refusal(
                  connection, "insert into kontor.tenant (tenant_id, name) values ('acme', 'n')"))
          .isEqualTo("42501");
    }
  }

  @Test
  void aPooledConnectionCarriesNoTenantToItsNextUser() {
    try (HikariDataSource pool = poolOfOne("")) {
      var transactions = new TenantTransactions(pool);
      var jdbc = new JdbcTemplate(pool);
      assertThat(owners(transactions, jdbc, VICTIM)).containsExactly(VICTIM);
      assertThat(owners(transactions, jdbc, ATTACKER)).containsExactly(ATTACKER);

      assertThat(jdbc.queryForObject("select current_setting('kontor.tenant', true)", String.class))
          .isEmpty();
      assertThatThrownBy(() -> jdbc.queryForList("select owner from kontor.account"))
          .hasRootCauseMessage(NO_TENANT);
    }
  }

  @Test
  void aRolledBackTransactionLeavesNoTenantBehind() {
    try (HikariDataSource pool = poolOfOne("")) {
      var transactions = new TenantTransactions(pool);
      var jdbc = new JdbcTemplate(pool);
      assertThatThrownBy(
              () ->
                  TenantContext.call(
                      new TenantId(VICTIM),
                      () ->
                          transactions.write(
                              () -> {
                                jdbc.queryForList("select owner from kontor.account");
                                throw new IllegalStateException("changed my mind");
                              })))
          .hasMessage("changed my mind");
      assertThatThrownBy(() -> jdbc.queryForList("select owner from kontor.account"))
          .hasRootCauseMessage(NO_TENANT);
      assertThat(owners(transactions, jdbc, ATTACKER)).containsExactly(ATTACKER);
    }
  }

  /** The plan is cached on the server, and the tenant is looked up at each execution. */
  @ParameterizedTest
  @ValueSource(strings = {"force_generic_plan", "force_custom_plan", "auto"})
  void aPreparedStatementIsNotPreparedForOneTenant(String plans) {
    try (HikariDataSource pool =
        poolOfOne("?prepareThreshold=1&options=-c%20plan_cache_mode=" + plans)) {
      var transactions = new TenantTransactions(pool);
      var jdbc = new JdbcTemplate(pool);
      for (int i = 0; i < 10; i++) {
        String tenant = i % 3 == 0 ? VICTIM : ATTACKER;
        assertThat(owners(transactions, jdbc, tenant)).containsExactly(tenant);
      }
      assertThat(
              jdbc.queryForList(
                  "select statement from pg_prepared_statements where generic_plans + custom_plans"
                      + " >= 10",
                  String.class))
          .anySatisfy(statement -> assertThat(statement).contains("kontor.account"));
      assertThatThrownBy(() -> jdbc.queryForList("select owner from kontor.account where 1 = ?", 1))
          .hasRootCauseMessage(NO_TENANT);
    }
  }

  /** The attack can succeed: it finds and reads an unprotected table. */
  @Test
  void anUnprotectedTableIsFoundAndRead() throws SQLException {
    try (TestDatabase careless = TestDatabase.create()) {
      TwoTenants.movedInto(careless);
      new JdbcTemplate(careless.owner())
          .execute(
              """
              create table kontor.loan (tenant_id text);
              insert into kontor.loan values ('acme');
              grant select on kontor.loan to kontor_app;
              """);
      try (Connection connection = connection(careless, DatabaseLogin.APP, ATTACKER)) {
        assertThat(rows(connection, relations(careless), VICTIM).keySet())
            .containsExactly("kontor.loan");
      }
    }
  }

  /** How many rows of {@code victim} each relation shows, where it shows any. */
  private static Map<String, Integer> rows(
      Connection connection, List<String> relations, String victim) throws SQLException {
    var found = new TreeMap<String, Integer>();
    try (var statement = connection.createStatement()) {
      for (String relation : relations) {
        try (var rows =
            statement.executeQuery(
                "select count(*) from %s where tenant_id = '%s'".formatted(relation, victim))) {
          rows.next();
          if (rows.getInt(1) > 0) {
            found.put(relation, rows.getInt(1));
          }
        } catch (SQLException refused) {
          // Seeing nothing is the expected result.
        }
      }
    }
    return found;
  }

  /** Every table and view that has a tenant, as the catalogue knows them. */
  private static List<String> relations(TestDatabase database) {
    return new JdbcTemplate(database.owner())
        .queryForList(
            """
            select n.nspname || '.' || c.relname
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
              join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
             where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^(pg_|information)'
             order by 1
            """,
            String.class);
  }

  /** Every table that the worker has no pass for. */
  private static List<String> readModels() {
    return new JdbcTemplate(database.owner())
        .queryForList(
            """
            select n.nspname || '.' || c.relname
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and c.relrowsecurity and not exists (
               select from pg_policy p where p.polrelid = c.oid and p.polname = 'every_tenant')
            """,
            String.class);
  }

  private static List<String> owners(
      TenantTransactions transactions, JdbcTemplate jdbc, String tenant) {
    return TenantContext.call(
        new TenantId(tenant),
        () ->
            transactions.read(
                () ->
                    jdbc.queryForList(
                        "select owner from kontor.account where balance > ?", String.class, 0)));
  }

  private static Connection connection(
      TestDatabase database, DatabaseLogin login, @Nullable String tenant) throws SQLException {
    Connection connection = database.dataSource(login).getConnection();
    become(connection, tenant);
    return connection;
  }

  private static void become(Connection connection, @Nullable String tenant) throws SQLException {
    if (tenant != null) {
      try (var set = connection.prepareStatement("select set_config('kontor.tenant', ?, false)")) {
        set.setString(1, tenant);
        set.execute();
      } catch (SQLException refused) {
        // An escape that removed even this is no problem.
      }
    }
  }

  /** The SQL state of the refusal, or 00000. */
  private static String refusal(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
      return "00000";
    } catch (SQLException refused) {
      return refused.getSQLState();
    }
  }

  private static String message(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
      return "";
    } catch (SQLException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private static int changed(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    } catch (SQLException refused) {
      return 0;
    }
  }

  private static HikariDataSource poolOfOne(String options) {
    var config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl() + options);
    config.setUsername(DatabaseLogin.APP.role());
    config.setPassword(database.password(DatabaseLogin.APP));
    config.setSchema("kontor");
    config.setMaximumPoolSize(1);
    return new HikariDataSource(config);
  }
}
