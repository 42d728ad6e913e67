package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.app.startup.SettingsBinder;
import io.kontor.database.DatabaseConnector;
import io.kontor.database.DatabaseGuard;
import io.kontor.database.DatabaseLogin;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.database.SessionCheck;
import io.kontor.database.UnsuitableDatabaseException;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class DatabaseGuardTest {
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void theServingLoginsPass() {
    assertThatCode(() -> check(serving(DatabaseLogin.APP))).doesNotThrowAnyException();
    assertThatCode(() -> check(serving(DatabaseLogin.WORKER))).doesNotThrowAnyException();
  }

  @Test
  void theOwnerDoesNotServe() {
    assertThatThrownBy(() -> check(serving(DatabaseLogin.OWNER)))
        .isInstanceOf(UnsuitableDatabaseException.class)
        .hasMessageContaining("kontor_owner")
        .hasMessageContaining("owns the database");
  }

  @Test
  void aLoginThatMayCreateTablesDoesNotServe() {
    JdbcClient.create(database.owner()).sql("grant create on schema kontor to kontor_app").update();
    assertThatThrownBy(() -> check(serving(DatabaseLogin.APP)))
        .hasMessageContaining("may create objects in the schema kontor");
  }

  /** Its snapshot has the schema still, as that of a check has that runs while it is dropped. */
  @Test
  void anotherSchemaThatIsDroppedMeanwhileIsNoFailure() throws SQLException {
    JdbcClient owner = JdbcClient.create(database.owner());
    owner.sql("create schema leaving").update();
    DataSource serving = serving(DatabaseLogin.APP);
    Queue<Connection> early = new ArrayDeque<>(List.of(serving.getConnection()));
    early.element().setAutoCommit(false);
    JdbcClient first = JdbcClient.create(new SingleConnectionDataSource(early.element(), true));
    first.sql("set transaction isolation level repeatable read").update();
    first.sql("select 1").query(Integer.class).single();
    owner.sql("drop schema leaving").update();
    var checked =
        new DelegatingDataSource(serving) {
          @Override
          public Connection getConnection() throws SQLException {
            return early.isEmpty() ? super.getConnection() : early.remove();
          }
        };
    assertThatCode(() -> check(checked)).doesNotThrowAnyException();
  }

  @Test
  void aLoginThatMayMakeTemporaryTablesDoesNotServe() {
    JdbcClient.create(database.owner())
        .sql("grant temporary on database %s to kontor_worker".formatted(name()))
        .update();
    assertThatThrownBy(() -> check(serving(DatabaseLogin.WORKER)))
        .isInstanceOf(UnsuitableDatabaseException.class)
        .hasMessageContaining("kontor_worker")
        .hasMessageContaining("may create temporary tables");
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "local", "remote_write"})
  void aDatabaseThatForgetsWhatItConfirmedIsRefused(String value) {
    set(DatabaseLogin.APP, "synchronous_commit", value);
    assertThatThrownBy(() -> check(serving(DatabaseLogin.APP)))
        .isInstanceOf(UnsuitableDatabaseException.class)
        .hasMessageContaining("synchronous_commit is " + value);
  }

  @Test
  void aDatabaseThatWaitsForItsStandbysReadersIsFine() {
    set(DatabaseLogin.APP, "synchronous_commit", "remote_apply");
    assertThatCode(() -> check(serving(DatabaseLogin.APP))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"repeatable read", "serializable", "read uncommitted"})
  void anotherIsolationThanReadCommittedIsRefused(String isolation) {
    set(DatabaseLogin.WORKER, "default_transaction_isolation", isolation);
    assertThatThrownBy(() -> check(serving(DatabaseLogin.WORKER)))
        .isInstanceOf(UnsuitableDatabaseException.class)
        .hasMessageContaining("default_transaction_isolation is " + isolation);
  }

  @Test
  void connectionsThatLetAFrozenNodeKeepItsLocksAreRefused() {
    assertThatThrownBy(() -> check(database.worker()))
        .isInstanceOf(UnsuitableDatabaseException.class)
        .hasMessageContaining("idle_in_transaction_session_timeout is 0 ms");
    set(DatabaseLogin.WORKER, "idle_in_transaction_session_timeout", "10s");
    set(DatabaseLogin.WORKER, "tcp_keepalives_idle", "7200");
    assertThatThrownBy(() -> check(database.worker()))
        .isInstanceOf(UnsuitableDatabaseException.class)
        .hasMessageContaining("tcp_keepalives_idle is 7200 s");
  }

  @Test
  void aPoolerThatGivesEachTransactionAnotherSessionIsRefused() throws SQLException {
    try (var pooler = new TransactionPooler(serving(DatabaseLogin.WORKER), 1)) {
      assertThatThrownBy(() -> SessionCheck.check(pooler.dataSource()))
          .isInstanceOf(UnsuitableDatabaseException.class)
          .hasMessageContaining("a pooler in transaction mode is in between");
    }
    try (var pooler = new TransactionPooler(serving(DatabaseLogin.WORKER), 3)) {
      assertThatThrownBy(() -> SessionCheck.check(pooler.dataSource()))
          .isInstanceOf(UnsuitableDatabaseException.class);
    }
  }

  /** Its owner's rights must not work on tables that the caller put in the way. */
  @Test
  void noFunctionWithItsOwnersRightsSearchesTemporaryTablesFirst() {
    List<String> paths =
        JdbcClient.create(database.owner())
            .sql(
                """
                select coalesce(array_to_string(proconfig, ';'), 'none') from pg_proc
                 where pronamespace::regnamespace::text like 'kontor%' and prosecdef
                """)
            .query(String.class)
            .list();
    assertThat(paths).isNotEmpty().allMatch(path -> path.endsWith(", pg_temp"));
  }

  /** As Kontor itself connects. */
  private static void check(DataSource serving) {
    DatabaseGuard.check(serving, DatabaseSchema.SHARED);
  }

  private DataSource serving(DatabaseLogin login) {
    var timeouts = new SettingsBinder(new StandardEnvironment()).bind(DatabaseTimeouts.class);
    return new DatabaseConnector(
            database.jdbcUrl(),
            DatabaseSchema.SHARED,
            login.role(),
            database.password(login),
            timeouts)
        .unpooled("test", timeouts.socket());
  }

  private void set(DatabaseLogin login, String setting, String value) {
    JdbcClient.create(database.dataSource(login))
        .sql(
            "alter role %s in database %s set %s = '%s'"
                .formatted(login.role(), name(), setting, value))
        .update();
  }

  private String name() {
    return database.jdbcUrl().substring(database.jdbcUrl().lastIndexOf('/') + 1);
  }
}
