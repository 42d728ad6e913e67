package io.kontor.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.breaker.BreakerProperties;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.pool.ConnectionRejectedException;
import io.kontor.database.pool.ConnectionRejectedException.Reason;
import io.kontor.database.pool.RequestPool;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Four connections, of which a tenant may have two; two more callers may wait, one of a tenant. */
class RequestPoolTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final TenantId INITECH = new TenantId("initech");
  private static final long LOCK = 1;

  private final TestDatabase database = TestDatabase.create();
  private final DatabaseBreaker breaker =
      DatabaseBreaker.ofReads(
          "test",
          new BreakerProperties(5, 2, Duration.ofHours(1), Duration.ofMillis(100)),
          database.app());
  private final RequestPool pool =
      new RequestPool(
          settings(), breaker, () -> TenantContext.find().map(TenantId::value).orElse(null), 50, 2);
  private final HikariDataSource connections = pool.pool();
  private final TenantTransactions transactions = new TenantTransactions(pool);
  private final JdbcTemplate sql = new JdbcTemplate(pool);
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private Connection blocker;

  @BeforeEach
  void lock() throws SQLException {
    blocker = database.worker().getConnection();
    try (var statement = blocker.createStatement()) {
      statement.execute("select pg_advisory_lock(%d)".formatted(LOCK));
    }
  }

  @AfterEach
  void close() throws SQLException {
    blocker.close();
    callers.close();
    pool.close();
    database.close();
  }

  @Test
  void aTenantThatTakesItsShareLeavesTheOthersTheirs() throws Exception {
    List<Future<?>> slow = slowQueries(ACME, 2);
    assertThat(read(GLOBEX)).isEqualTo("globex");

    assertOneIsRefused(Reason.SHARE_TAKEN, ACME, ACME);
    assertThat(read(GLOBEX)).isEqualTo("globex");

    end(slow);
    assertThat(read(ACME)).isEqualTo("acme");
  }

  @Test
  void callersBeyondThoseThatMayWaitAreRefusedAtOnce() throws Exception {
    List<Future<?>> slow = slowQueries(ACME, 2);
    slow.addAll(slowQueries(GLOBEX, 2));

    assertOneIsRefused(Reason.QUEUE_FULL, ACME, GLOBEX, INITECH);

    end(slow);
    assertThat(read(INITECH)).isEqualTo("initech");
  }

  @Test
  void aStatementThatTakesTooLongIsNoOutage() {
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () ->
                  TenantContext.call(
                      ACME,
                      () ->
                          transactions.read(
                              () -> {
                                sql.execute("set local statement_timeout = 1");
                                return sql.queryForList("select pg_sleep(10)");
                              })))
          .isInstanceOf(QueryTimeoutException.class);
    }

    assertThat(breaker.state()).isEqualTo("closed");
    assertThat(read(ACME)).isEqualTo("acme");
  }

  @Test
  void connectionsThatWereLostBeforeTheFirstRowAreReplacedWithoutAnError() {
    read(ACME);
    terminate();

    assertThat(read(ACME)).isEqualTo("acme");
    assertThat(breaker.state()).isEqualTo("closed");
  }

  @Test
  void whileTheDatabaseTakesNoConnectionsCallersAreRefusedAtOnceAndServedAgainAfterwards()
      throws SQLException {
    read(ACME);
    connections.setConnectionTimeout(250);
    try (Connection owner = database.owner().getConnection()) {
      limitConnections(owner, 0);
      terminate();
      await().atMost(SOON).until(() -> rejectionOf(ACME) == Reason.BREAKER_OPEN);
      assertThat(breaker.isOpen()).isTrue();
      limitConnections(owner, -1);
    }

    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> read(ACME).equals("acme") && breaker.state().equals("closed"));
  }

  @Test
  void theBreakerOpensBeforeACallersTimeIsOverAndItIsServedWhenTheDatabaseIsBack()
      throws Exception {
    await().atMost(SOON).until(() -> connections.getHikariPoolMXBean().getIdleConnections() == 4);
    Future<String> waiting;
    try (Connection owner = database.owner().getConnection()) {
      limitConnections(owner, 0);
      connections.getHikariPoolMXBean().softEvictConnections();
      waiting = callers.submit(() -> read(ACME));
      await().atMost(SOON.dividedBy(2)).until(breaker::isOpen);
      assertThat(waiting.isDone()).isFalse();
      limitConnections(owner, -1);
    }

    assertThat(waiting.get()).isEqualTo("acme");
  }

  /** Queries that wait for the lock, once they hold their connections. */
  private List<Future<?>> slowQueries(TenantId tenant, int count) {
    List<Future<?>> queries = new ArrayList<>();
    int before = connections.getHikariPoolMXBean().getActiveConnections();
    for (int i = 0; i < count; i++) {
      queries.add(
          callers.submit(
              () ->
                  TenantContext.call(
                      tenant,
                      () ->
                          transactions.read(
                              () ->
                                  sql.queryForList(
                                      "select pg_advisory_xact_lock_shared(?)", LOCK)))));
    }
    await()
        .atMost(SOON)
        .until(() -> connections.getHikariPoolMXBean().getActiveConnections() == before + count);
    return queries;
  }

  private String read(TenantId tenant) {
    return TenantContext.call(
        tenant,
        () ->
            transactions.read(
                () -> sql.queryForObject("select kontor.current_tenant()", String.class)));
  }

  /** Why a read is refused; null when it is answered or fails otherwise. */
  private Reason rejectionOf(TenantId tenant) {
    try {
      read(tenant);
      return null;
    } catch (RuntimeException failure) {
      return failure.getCause() instanceof ConnectionRejectedException rejected
          ? rejected.reason()
          : null;
    }
  }

  /** Of callers that come at the same time, one is refused and the others wait. */
  private void assertOneIsRefused(Reason reason, TenantId... tenants) {
    List<Future<Reason>> waiting = new ArrayList<>();
    for (TenantId tenant : tenants) {
      waiting.add(callers.submit(() -> rejectionOf(tenant)));
    }
    await().atMost(SOON).until(() -> waiting.stream().anyMatch(Future::isDone));
    assertThat(waiting.stream().filter(Future::isDone).map(Future::resultNow))
        .containsExactly(reason);
  }

  private void end(List<Future<?>> slow) throws Exception {
    blocker.close();
    for (Future<?> query : slow) {
      query.get();
    }
  }

  private static void limitConnections(Connection owner, int limit) throws SQLException {
    try (var statement = owner.createStatement()) {
      statement.execute(
          "do $$ begin execute format('alter database %%I connection limit %d',".formatted(limit)
              + " current_database()); end $$");
    }
  }

  private void terminate() {
    new JdbcTemplate(connections)
        .queryForList(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where usename = current_user and datname = current_database()"
                + " and pid <> pg_backend_pid()");
    try (Connection last = connections.getConnection();
        var statement = last.createStatement()) {
      statement.execute("select pg_terminate_backend(pg_backend_pid())");
    } catch (SQLException terminated) {
      assertThat(terminated.getSQLState()).isEqualTo("57P01");
    }
  }

  private HikariConfig settings() {
    var settings = new HikariConfig();
    settings.setDataSource(database.app());
    settings.setMaximumPoolSize(4);
    settings.setConnectionTimeout(SOON.toMillis());
    return settings;
  }
}
