package io.kontor.eventstore.append;

import static java.util.stream.Collectors.partitioningBy;

import io.github.resilience4j.core.IntervalFunction;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.breaker.DatabaseOutage;
import io.kontor.eventstore.append.BatchPlan.AnswerKey;
import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.event.WriterStatus;
import io.kontor.eventstore.idempotency.DuplicateRequestException;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.read.RewindGuard.RewoundException;
import io.kontor.eventstore.subscription.EventFeed;
import io.kontor.tenancy.StreamId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of a process: writes the queued units of work in one transaction, so that many
 * share one flush to disk. When idle, it writes at once; when busy, units of work gather during the
 * previous flush.
 *
 * <p>An advisory lock, the writer lock, admits one writer per database at a time, so positions grow
 * in commit order: a reader that has seen a position never finds an event below it later.
 */
public final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final int MAX_BATCH_ROWS = 4_000;
  private static final long MAX_BATCH_BYTES = 8L << 20;
  private static final int RETRIES = 3;

  private final CommitQueue queue;
  private final DataSource dataSource;
  private final EventFeed feed;
  private final RewindGuard guard;
  private final Duration timeout;
  private final WriterStatus status;
  private final DatabaseBreaker breaker;
  private final IntervalFunction pause;
  private final Thread thread = Thread.ofPlatform().name("group-commit").unstarted(this::run);
  private @Nullable EventAppender session;
  private List<QueuedAppend> batch = List.of();
  private long lastOwnPosition;
  private boolean othersWrite;

  /** Whether commands were refused since the last append; an outage is logged once. */
  private boolean lost;

  /**
   * @param dataSource connections for this writer alone, with a connection timeout of a fifth of
   *     {@code timeout}
   * @param timeout how long a batch waits for a lost or silent database before its commands fail;
   *     it is tried four times at most, with doubled pauses from a twentieth of this
   * @param breaker while it is open, commands fail at once
   */
  public GroupCommit(
      CommitQueue queue,
      DataSource dataSource,
      EventFeed feed,
      RewindGuard guard,
      Duration timeout,
      WriterStatus status,
      DatabaseBreaker breaker) {
    this.queue = queue;
    this.dataSource = dataSource;
    this.feed = feed;
    this.guard = guard;
    this.timeout = timeout;
    this.status = status;
    this.breaker = breaker;
    pause = IntervalFunction.ofExponentialBackoff(Math.max(1, timeout.dividedBy(20).toMillis()), 2);
  }

  /**
   * @throws EventStoreException when the database can't be read
   */
  public void start() {
    try {
      EventAppender sql = session();
      sql.waitAtMost(timeout);
      HistoryAnchor last = sql.end(HistoryAnchor.START).last();
      sql.commit();
      lastOwnPosition = last.position();
      guard.saw(last);
    } catch (SQLException e) {
      throw new EventStoreException("the event table can't be read", e);
    }
    feed.advanceTo(lastOwnPosition);
    status.started();
    thread.start();
  }

  /** Writes the queued units of work and stops. */
  public void stop() throws InterruptedException {
    queue.close("shutting down");
    thread.join(timeout.plusSeconds(1));
  }

  private void run() {
    String reason = "the writer has stopped";
    try {
      for (batch = next(); !batch.isEmpty(); batch = next()) {
        write(batch);
      }
      status.stopped("shut down");
    } catch (InterruptedException e) {
      status.stopped("interrupted");
      Thread.currentThread().interrupt();
    } catch (RewoundException rewound) {
      reason = String.valueOf(rewound.getMessage()); // the guard has set the status and logged it
    } catch (RuntimeException | Error unexpected) {
      reason = "the writer failed: " + unexpected;
      status.stopped(reason);
      log.error("writer stopped reason=unexpected", unexpected);
    } finally {
      disconnect();
      abandon(reason);
    }
  }

  /** Fails the queued commands when the writer ends unexpectedly. */
  private void abandon(String reason) {
    queue.close(reason);
    queue.failAll(batch, () -> new StoreBusyException("the event store has stopped: " + reason));
  }

  private List<QueuedAppend> next() throws InterruptedException {
    return queue.take(MAX_BATCH_ROWS, MAX_BATCH_BYTES);
  }

  private void write(List<QueuedAppend> units) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    BatchPlan inDoubt = null;
    for (int retry = 1; ; retry++) {
      DatabaseBreaker.Permit permit = breaker.tryAcquire();
      if (permit == null) {
        refuseWaiting();
        return;
      }
      var attempt = new Attempt(units, inDoubt);
      try {
        attempt.write();
        permit.succeeded();
        reportReturn();
        return;
      } catch (SQLException e) {
        if (isStatementFailure(e)) {
          permit.succeeded();
          rollback();
          reject(units, e);
          return;
        }
        disconnect();
        if (DatabaseOutage.isCauseOf(e)) {
          permit.failed(e);
        } else {
          permit.released();
        }
        if (!mayRetry(retry, deadline)) {
          reportLoss(e);
          refuseWaiting();
          return;
        }
        if (!lost) {
          log.warn("append retried cause={}", e.getMessage());
        }
        inDoubt = attempt.plan;
        TimeUnit.MILLISECONDS.sleep(pause.apply(retry));
      } catch (RewoundException rewound) {
        permit.succeeded();
        throw rewound;
      } catch (RuntimeException unexpected) {
        permit.released();
        log.error("append failed commands={}", units.size(), unexpected);
        disconnect();
        units.forEach(unit -> fail(unit, new EventStoreException("append failed", unexpected)));
        return;
      }
    }
  }

  /** An attempt may be repeated, since the next one looks up whether it was committed. */
  private boolean mayRetry(int retry, long deadline) {
    long left = deadline - System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(pause.apply(retry));
    return retry <= RETRIES && left >= timeout.toNanos() / 5 && !breaker.isOpen();
  }

  private void reportLoss(SQLException cause) {
    if (!lost) {
      lost = true;
      log.error("database lost effect=\"waiting commands refused\"", cause);
    }
  }

  private void reportReturn() {
    if (lost) {
      lost = false;
      log.info("database found effect=\"commands accepted\"");
    }
  }

  private void refuseWaiting() {
    queue.failAll(batch, () -> new StoreBusyException("the event store is down"));
  }

  /** One attempt at writing units of work. */
  private final class Attempt {
    private final List<QueuedAppend> units;

    /** The attempted plan; it may be committed although the confirmation was lost. */
    private @Nullable BatchPlan plan;

    /**
     * @param inDoubt an earlier attempt that may be committed
     */
    Attempt(List<QueuedAppend> units, @Nullable BatchPlan inDoubt) {
      this.units = units;
      this.plan = inDoubt;
    }

    void write() throws SQLException {
      EventAppender sql = session();
      sql.waitAtMost(timeout.dividedBy(2));
      HistoryAnchor known = guard.newest();
      List<QueuedAppend> writing = writing(units);
      TableEnd end = writing.isEmpty() ? sql.end(known) : sql.takeWriterLock(writing, known);
      guard.compare(known, end.atAnchor());
      if (plan != null) {
        OptionalLong stored = sql.positionBefore(writing(plan.accepted()));
        if (stored.isPresent()) {
          confirm(sql, plan, stored.getAsLong(), end.last());
          return;
        }
        // Other writers may have appended since.
        othersWrite = true;
      }
      long before = end.last().position();
      othersWrite |= before != lastOwnPosition;
      plan =
          new BatchPlan(
              units, sql.versions(streams(units, othersWrite)), used(sql, units), sql.away());
      HistoryAnchor last = sql.append(before, stamped(plan.accepted(), end.time()));
      sql.commit();
      guard.saw(end.last());
      guard.saw(last);
      settle(plan.accepted(), before, toInstant(end.time()));
      plan.refused().forEach(GroupCommit.this::fail);
    }

    /**
     * The earlier attempt was committed. Other writers may have appended since; this attempt's own
     * events look like theirs, which at worst causes a retry.
     */
    private void confirm(EventAppender sql, BatchPlan stored, long before, HistoryAnchor last)
        throws SQLException {
      Map<StreamId, Long> versions = sql.versions(streams(stored.accepted(), true));
      sql.commit();
      guard.saw(last);
      othersWrite = true;
      Map<Boolean, List<QueuedAppend>> stale =
          stored.accepted().stream()
              .collect(partitioningBy(unit -> BatchPlan.isStale(unit, versions)));
      settle(stale.getOrDefault(false, List.of()), before, null);
      stale.getOrDefault(true, List.of()).forEach(unit -> fail(unit, BatchPlan.conflict()));
      stored.refused().forEach(GroupCommit.this::fail);
    }
  }

  private static List<QueuedAppend> writing(List<QueuedAppend> units) {
    return units.stream().filter(unit -> !unit.isReadOnly()).toList();
  }

  private static List<QueuedAppend> stamped(List<QueuedAppend> units, long time) {
    return units.stream().map(unit -> unit.recordedAt(time)).toList();
  }

  private static Instant toInstant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static Set<StreamId> streams(List<QueuedAppend> units, boolean readOnesToo) {
    var streams = new HashSet<StreamId>();
    for (QueuedAppend unit : units) {
      unit.rows().forEach(row -> streams.add(row.stream()));
      if (readOnesToo) {
        unit.read().forEach(read -> streams.add(read.stream()));
      }
    }
    return streams;
  }

  private static Set<AnswerKey> used(EventAppender sql, List<QueuedAppend> units)
      throws SQLException {
    var keys = new HashSet<AnswerKey>();
    for (QueuedAppend unit : units) {
      if (unit.answer() != null) {
        keys.add(AnswerKey.of(unit.answer()));
      }
    }
    return sql.used(keys);
  }

  /**
   * @param time when the events were recorded; null when it has to be read from the table
   */
  private void settle(List<QueuedAppend> written, long before, @Nullable Instant time) {
    queue.succeeded(written);
    long position = before;
    for (QueuedAppend unit : written) {
      position += unit.rows().size();
      if (time != null) {
        feed.committed(position, unit.events(), unit.bytes(), time);
      }
      unit.durable().complete(position);
    }
    lastOwnPosition = position;
    feed.advanceTo(position);
    feed.wakeReaders();
  }

  /** A unit of work in the batch can't be stored: halves the batch until it is found. */
  private void reject(List<QueuedAppend> units, SQLException reason) throws InterruptedException {
    if (units.size() == 1) {
      fail(units.getFirst(), rejection(units.getFirst(), reason));
      return;
    }
    int middle = units.size() / 2;
    writeRemaining(units.subList(0, middle));
    writeRemaining(units.subList(middle, units.size()));
  }

  private void writeRemaining(List<QueuedAppend> units) throws InterruptedException {
    List<QueuedAppend> remaining = units.stream().filter(unit -> !unit.durable().isDone()).toList();
    if (!remaining.isEmpty()) {
      write(remaining);
    }
  }

  private void fail(QueuedAppend unit, RuntimeException cause) {
    if (!unit.durable().isDone()) {
      int self = batch.indexOf(unit);
      List<QueuedAppend> later =
          batch.subList(self + 1, batch.size()).stream()
              .filter(next -> !next.durable().isDone())
              .toList();
      queue.failed(unit, cause, later);
    }
  }

  private static RuntimeException rejection(QueuedAppend unit, SQLException reason) {
    if (EventAppender.isDuplicateAnswer(reason) && unit.answer() != null) {
      return new DuplicateRequestException(unit.answer().key());
    }
    if (EventAppender.isDuplicateEvent(reason)) {
      return BatchPlan.conflict();
    }
    return new EventStoreException("the database refuses an event", reason);
  }

  /** Whether the statement failed (integrity, bad data) and not the connection. */
  private static boolean isStatementFailure(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("23") || state.startsWith("22"));
  }

  private EventAppender session() throws SQLException {
    EventAppender open = session;
    if (open == null) {
      open = new EventAppender(dataSource.getConnection());
      session = open;
    }
    return open;
  }

  private void rollback() {
    try {
      session().rollback();
    } catch (SQLException e) {
      disconnect();
    }
  }

  private void disconnect() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
