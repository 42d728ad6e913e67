package io.kontor.app.cell;

import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.PermanentJobException;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.registry.TenantRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One attempt at moving a tenant. The events and the read models are copied while the tenant is
 * served; then its changes are suspended, the rest is copied and compared, and one transaction on
 * the register switches. Whatever fails before that leaves all as it was, and what was copied is
 * used by the next attempt.
 */
final class TenantMove {
  /** With so few events left the changes are suspended. */
  private static final long REST = 500;

  /** Every node has read the tenant's place again by then. */
  private static final Duration UNTIL_KNOWN = Duration.ofMillis(1_500);

  private static final Duration SUSPENDED_LIMIT = Duration.ofSeconds(10);
  private static final Duration EXTENDED_EACH = Duration.ofSeconds(10);

  /** Whoever has so much to copy at the end is moved better in a night without changes. */
  private static final Duration LONGEST_SUSPENSION = Duration.ofMinutes(5);

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
  private final Placement from;
  private final Placement to;
  private final SharedDatabase register;
  private final SharedParts shared;
  private final EventFollowers followers;
  private final TenantEvents events;
  private final TenantRows rows;
  private final TenantSuspension suspension;

  /** The idempotency records before this position of the source are copied. */
  private long records;

  /** When the changes were suspended and when that was extended last; null before. */
  private @Nullable Long begun;

  private long extended;

  /**
   * @param readModels those of the place that the tenant is in
   */
  TenantMove(
      JobContext<?> job,
      Placement from,
      Placement to,
      ReadModelPositions readModels,
      SharedDatabase register,
      SharedParts shared) {
    this.job = job;
    this.tenant = job.tenant();
    this.from = from;
    this.to = to;
    this.register = register;
    this.shared = shared;
    this.followers = new EventFollowers(readModels, from.worker());
    this.events = new TenantEvents(tenant, from, to);
    this.rows = new TenantRows(tenant, this::goOn);
    this.suspension =
        new TenantSuspension(tenant, from.isolation(), register.worker(), from.worker());
  }

  /**
   * Moves the tenant.
   *
   * @param name the tenant's, for its own register
   * @return when its changes were suspended, in {@link System#nanoTime}
   */
  long run(String name) throws SQLException, InterruptedException {
    try {
      return copyAndSwitch(name);
    } catch (Throwable failure) {
      undo(failure);
      throw failure;
    }
  }

  private long copyAndSwitch(String name) throws SQLException, InterruptedException {
    suspension.end(); // an attempt that was cut short has left it
    try (Connection tables = begin(from.worker())) {
      TenantRows.requireKnownTables(tables);
    }
    requireNoDeadLetters(from.worker());
    if (to.isolation().isCell()) {
      new TenantRegistry(new TenantTransactions(to.app()), to.app()).register(tenant, name, null);
    }
    copyKeys();
    copyEvents();
    CellDatabase database = to.cell();
    try (Cell cell = database == null ? null : Cell.openForReadModels(tenant, database, shared)) {
      var copies =
          new EventFollowers(
              cell == null ? register.readModels() : cell.part(ReadModelPositions.class),
              to.worker());
      catchUp(copies);
      long suspended = System.nanoTime();
      suspension.begin();
      begun = suspended;
      extended = suspended;
      copyRest(copies);
      compare();
      switchOver();
      return suspended;
    }
  }

  /** Extends the suspension while rows are copied, however many there are. */
  private void goOn() throws SQLException {
    Long since = begun;
    long now = System.nanoTime();
    if (since == null || now - extended < EXTENDED_EACH.toNanos()) {
      return;
    }
    if (now - since > LONGEST_SUSPENSION.toNanos()) {
      throw new PermanentJobException(
          "the changes were suspended for %d minutes, and not all of it was copied"
              .formatted(LONGEST_SUSPENSION.toMinutes()));
    }
    suspension.extend();
    extended = now;
  }

  private void catchUp(EventFollowers copies) throws SQLException, InterruptedException {
    do {
      awaitFollowers(CATCH_UP_LIMIT);
      copyEvents();
      awaitReadModels(copies, CATCH_UP_LIMIT);
    } while (events.remaining(events.head()) > REST);
  }

  /** Most of it while nodes learn that the changes are suspended. */
  private void copyRest(EventFollowers copies) throws SQLException, InterruptedException {
    long known = System.nanoTime() + UNTIL_KNOWN.toNanos();
    copyLast(copies);
    TimeUnit.NANOSECONDS.sleep(known - System.nanoTime());
    copyLast(copies);
  }

  private void copyLast(EventFollowers copies) throws SQLException, InterruptedException {
    long head = awaitFollowers(SUSPENDED_LIMIT);
    events.copy(head, done -> {});
    copyRecords();
    copyKeys();
    awaitReadModels(copies, SUSPENDED_LIMIT);
  }

  /** What the tenant's events cause is done where it is; the last of them. */
  private long awaitFollowers(Duration limit) throws InterruptedException {
    long head = events.head();
    followers.awaitAll(head, limit, waiting -> job.progress(0, head, waiting));
    return head;
  }

  private void awaitReadModels(EventFollowers copies, Duration limit) throws InterruptedException {
    long head = events.copiedEnd();
    copies.awaitReadModels(head, limit, waiting -> job.progress(0, head, waiting));
  }

  /** The next attempt copies the keys again; without one, forgetting a person has to reach all. */
  private void undo(Throwable failure) {
    try {
      suspension.end(); // else it ends by itself
      removeCopiedKeys();
    } catch (SQLException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void removeCopiedKeys() throws SQLException {
    try (Connection deciding = begin(register.worker());
        Connection target = begin(to.app())) {
      if (suspension.holdOffOthers(deciding)) {
        rows.removeKeys(target);
        target.commit();
      }
      deciding.commit();
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
    try (Connection source = begin(from.worker());
        Connection target = begin(to.worker())) {
      rows.copyRecords(records, source, target);
      target.commit();
    }
    records = head;
  }

  private void copyKeys() throws SQLException {
    try (Connection source = begin(from.app());
        Connection target = begin(to.app())) {
      source.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      rows.copyOfApp(source, target);
      target.commit();
    }
  }

  private void compare() {
    if (!events.sourceHead().equals(events.copiedHead())) {
      throw new PermanentJobException("the copied events end otherwise than the stored ones");
    }
    List<String> here = trialBalance(from.worker());
    List<String> there = trialBalance(to.worker());
    if (!here.equals(there)) {
      throw new PermanentJobException(
          "the trial balance differs: %s here, %s there".formatted(here, there));
    }
    requireNoDeadLetters(to.worker());
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

  /**
   * The rows that act by themselves are locked where they are until they act there alone. One
   * transaction decides, that on the register. What is committed beside it is only rows in a cell
   * that nobody serves yet, before, and the end of the cell that the tenant has left, after.
   */
  private void switchOver() throws SQLException {
    CellDatabase database = to.cell();
    suspension.outlastSwitch();
    try (Connection source = begin(from.worker());
        Connection target = begin(to.worker());
        Connection third = begin(register.worker())) {
      rows.copyOfWorker(source, target);
      if (to.isolation().isCell()) {
        target.commit();
      }
      TenantSuspension.takeWriterLock(source);
      if (!events.sourceHead().equals(events.copiedHead())) {
        throw new IllegalStateException("an event was appended while the tenant was suspended");
      }
      rows.takeAway(source);
      Connection deciding = source;
      if (from.isolation().isCell()) {
        TenantSuspension.endCell(tenant, source);
        deciding = to.isolation().isCell() ? third : target;
        TenantSuspension.takeWriterLock(deciding);
      }
      suspension.switchTo(database == null ? null : database.of(tenant), deciding);
      deciding.commit();
      source.commit();
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
}
