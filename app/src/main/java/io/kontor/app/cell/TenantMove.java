package io.kontor.app.cell;

import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.PermanentJobException;
import io.kontor.projection.live.ReadModelBehindException;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.registry.TenantRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One attempt at moving a tenant. The events and the read models are copied while the tenant is
 * served; then its changes are suspended, the rest is copied and compared, and one transaction at
 * the source switches. Whatever fails before that leaves all as it was, and what was copied is used
 * by the next attempt.
 */
final class TenantMove implements AutoCloseable {
  /** With so few events left the changes are suspended. */
  private static final long REST = 500;

  /** Every node has read the tenant's place again by then. */
  private static final Duration UNTIL_KNOWN = Duration.ofMillis(1_500);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration SUSPENDED_LIMIT = Duration.ofSeconds(10);
  private static final Duration CATCH_UP_LIMIT = Duration.ofHours(12);

  private static final String TRIAL_BALANCE =
      """
      select concat_ws(' ', ledger_account, currency, trim_scale(sum(debits)),
             trim_scale(sum(credits)))
        from ledger_total where tenant_id = :tenant
       group by ledger_account, currency order by 1
      """;

  private final JobContext<?> job;
  private final TenantId tenant;
  private final CellDatabase database;
  private final SharedDatabase source;
  private final SharedParts shared;
  private final HikariDataSource targetApp;
  private final HikariDataSource targetWorker;
  private final TenantEvents events;
  private final TenantRows rows;
  private final TenantSuspension suspension;

  /** The idempotency records before this position of the source are copied. */
  private long records;

  TenantMove(
      JobContext<?> job,
      CellDatabase database,
      SharedDatabase source,
      SharedParts shared,
      DatabaseTimeouts timeouts) {
    this.job = job;
    this.tenant = job.tenant();
    this.database = database;
    this.source = source;
    this.shared = shared;
    this.targetApp = database.connections(database.details().app(), timeouts);
    this.targetWorker = database.connections(database.details().worker(), timeouts);
    this.events = new TenantEvents(tenant, source.worker(), targetWorker);
    this.rows = new TenantRows(tenant);
    this.suspension = new TenantSuspension(tenant, source.worker());
  }

  /**
   * Moves the tenant.
   *
   * @param name the tenant's, for its own register
   * @return when its changes were suspended, in {@link System#nanoTime}
   */
  long run(String name) throws SQLException, InterruptedException {
    try (Connection tables = begin(source.worker())) {
      TenantRows.requireKnownTables(tables);
    }
    requireNoDeadLetters(source.worker());
    new TenantRegistry(new TenantTransactions(targetApp), targetApp).register(tenant, name, null);
    copyKeys();
    copyEvents();
    try {
      long begun;
      try (Cell readModels = Cell.openForReadModels(tenant, database, shared)) {
        catchUp(readModels);
        begun = System.nanoTime();
        suspension.begin();
        copyRest(readModels);
        compare();
      }
      switchOver();
      return begun;
    } catch (Throwable failure) {
      endSuspension(failure);
      throw failure;
    }
  }

  private void catchUp(Cell readModels) throws SQLException {
    do {
      copyEvents();
      awaitReadModels(readModels, CATCH_UP_LIMIT);
    } while (events.remaining(events.head()) > REST);
  }

  private void copyRest(Cell readModels) throws SQLException, InterruptedException {
    Thread.sleep(UNTIL_KNOWN);
    long head = events.head();
    source.awaitAll(head, SUSPENDED_LIMIT);
    events.copy(head, done -> {});
    copyRecords();
    copyKeys();
    awaitReadModels(readModels, SUSPENDED_LIMIT);
  }

  private void endSuspension(Throwable failure) {
    try {
      suspension.end();
    } catch (SQLException | RuntimeException e) {
      failure.addSuppressed(e); // it ends by itself
    }
  }

  private void copyEvents() throws SQLException {
    long head = events.head();
    long total = events.remaining(head);
    events.copy(head, done -> job.progress(done, total, "events copied"));
    copyRecords();
  }

  private void copyRecords() throws SQLException {
    long head = events.head();
    try (Connection from = begin(source.worker());
        Connection to = begin(targetWorker)) {
      rows.copyRecords(records, from, to);
      to.commit();
    }
    records = head;
  }

  private void copyKeys() throws SQLException {
    try (Connection from = begin(source.app());
        Connection to = begin(targetApp)) {
      rows.copyOfApp(from, to);
      to.commit();
    }
  }

  private void awaitReadModels(Cell cell, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    ReadModelPositions readModels = cell.part(ReadModelPositions.class);
    long head = cell.head();
    readModels.names().forEach(name -> awaitReadModel(readModels, name, head, end));
  }

  private void awaitReadModel(ReadModelPositions readModels, String name, long head, long end) {
    boolean isThere = false;
    while (!isThere) {
      try {
        readModels.await(name, head, Duration.ofSeconds(1));
        isThere = true;
      } catch (ReadModelBehindException behind) {
        if (System.nanoTime() - end >= 0) {
          throw behind;
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        job.progress(0, head, "read models: " + behind.getMessage());
      }
    }
  }

  private void compare() {
    if (!events.sourceHead().equals(events.copiedHead())) {
      throw new PermanentJobException("the copied events end otherwise than the stored ones");
    }
    List<String> here = trialBalance(source.worker());
    List<String> there = trialBalance(targetWorker);
    if (!here.equals(there)) {
      throw new PermanentJobException(
          "the trial balance differs: %s here, %s there".formatted(here, there));
    }
    requireNoDeadLetters(targetWorker);
  }

  private List<String> trialBalance(DataSource worker) {
    return new TenantTransactions(worker)
        .read(
            () ->
                JdbcClient.create(worker)
                    .sql(TRIAL_BALANCE)
                    .param("tenant", tenant.value())
                    .query(String.class)
                    .list());
  }

  /** The rows that act by themselves are locked here until they act there alone. */
  private void switchOver() throws SQLException {
    try (Connection from = begin(source.worker());
        Connection to = begin(targetWorker)) {
      rows.copyOfWorker(from, to);
      to.commit();
      TenantSuspension.takeWriterLock(from);
      if (!events.sourceHead().equals(events.copiedHead())) {
        throw new IllegalStateException("an event was appended while the tenant was suspended");
      }
      rows.takeAway(from);
      suspension.switchTo(database.of(tenant), from);
      from.commit();
    }
  }

  private void requireNoDeadLetters(DataSource worker) {
    boolean isThere =
        JdbcClient.create(worker)
            .sql("select exists (select from dead_letter where tenant_id = ?)")
            .param(tenant.value())
            .query(Boolean.class)
            .single();
    if (isThere) {
      throw new PermanentJobException("the tenant has dead letters: see to them first");
    }
  }

  private static Connection begin(DataSource dataSource) throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  public void close() {
    targetApp.close();
    targetWorker.close();
  }
}
