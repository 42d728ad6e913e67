package io.kontor.eventstore;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a process: takes whatever stands in the commit queue and makes it durable with
 * one transaction, so that many decisions share one flush to disk. An idle system waits for
 * nothing, a busy one gathers while the disk is at work.
 *
 * <p>All writers of a database take turns by an advisory lock, so positions grow in commit order: a
 * reader that has seen a position never finds an event below it later.
 */
final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final int MAX_BATCH_ROWS = 4_000;
  private static final long MAX_BATCH_BYTES = 8L << 20;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private final CommitQueue queue;
  private final DataSource dataSource;
  private final EventFeed feed;
  private final Duration patience;
  private final WriterStatus status;
  private final Thread thread = Thread.ofPlatform().name("group-commit").unstarted(this::run);
  private @Nullable AppendSession session;
  private List<AppendUnit> batch = List.of();
  private long lastOwnPosition;
  private boolean othersWrite;

  /**
   * @param patience how long a batch waits for a lost database before its commands fail
   */
  GroupCommit(
      CommitQueue queue,
      DataSource dataSource,
      EventFeed feed,
      Duration patience,
      WriterStatus status) {
    this.queue = queue;
    this.dataSource = dataSource;
    this.feed = feed;
    this.patience = patience;
    this.status = status;
  }

  /**
   * @throws EventStoreException when the database can't be read
   */
  void start() {
    try {
      lastOwnPosition = session().lastPosition();
      session().commit();
    } catch (SQLException e) {
      throw new EventStoreException("the event table can't be read", e);
    }
    feed.advanceTo(lastOwnPosition);
    status.started();
    thread.start();
  }

  /** Writes what is queued and stops. */
  void stop() throws InterruptedException {
    queue.close();
    thread.join(patience.plusSeconds(1));
  }

  private void run() {
    try {
      for (batch = next(); !batch.isEmpty(); batch = next()) {
        write(batch);
      }
      status.stopped("shut down");
    } catch (InterruptedException e) {
      status.stopped("interrupted");
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error unexpected) {
      status.stopped("the writer failed: " + unexpected);
      log.error("writer stopped reason=unexpected", unexpected);
    } finally {
      disconnect();
      abandon();
    }
  }

  /** Should the writer end while commands wait, none of them waits for ever. */
  private void abandon() {
    queue.close();
    var gone = new StoreBusyException("the event store has stopped");
    batch.forEach(unit -> fail(unit, gone));
    batch = queue.drain();
    batch.forEach(unit -> fail(unit, gone));
  }

  private List<AppendUnit> next() throws InterruptedException {
    return queue.take(MAX_BATCH_ROWS, MAX_BATCH_BYTES);
  }

  private void write(List<AppendUnit> units) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    for (boolean inDoubt = false; ; inDoubt = true) {
      try {
        writeTogether(units, inDoubt);
        return;
      } catch (SQLException e) {
        if (isRefusal(e)) {
          rollback();
          refuse(units, e);
          return;
        }
        disconnect();
        if (System.nanoTime() > deadline) {
          log.error("The database did not take {} commands", units.size(), e);
          units.forEach(unit -> fail(unit, new StoreBusyException("the event store is down")));
          return;
        }
        log.warn("The database was lost while writing, trying again: {}", e.getMessage());
        TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
      } catch (RuntimeException unexpected) {
        log.error("{} commands could not be written", units.size(), unexpected);
        disconnect();
        units.forEach(unit -> fail(unit, new EventStoreException("append failed", unexpected)));
        return;
      }
    }
  }

  /**
   * @param inDoubt an earlier try may have been committed without our hearing of it
   */
  private void writeTogether(List<AppendUnit> units, boolean inDoubt) throws SQLException {
    AppendSession sql = session();
    List<AppendUnit> writing = units.stream().filter(unit -> !unit.isReadOnly()).toList();
    long before = writing.isEmpty() ? sql.lastPosition() : sql.takeTurn(writing);
    OptionalLong stored = inDoubt ? sql.positionBefore(writing) : OptionalLong.empty();
    List<AppendUnit> stale = List.of();
    if (stored.isPresent()) {
      before = stored.getAsLong();
      // Others may have written since. What this very batch wrote counts too, and is merely decided
      // anew.
      stale = sql.stale(units);
    } else {
      othersWrite |= before != lastOwnPosition;
      stale = othersWrite ? sql.stale(units) : List.of();
      sql.append(before, without(stale, writing));
    }
    sql.commit();
    settle(units, stale, before);
  }

  private static List<AppendUnit> without(List<AppendUnit> stale, List<AppendUnit> units) {
    return units.stream().filter(unit -> !stale.contains(unit)).toList();
  }

  private void settle(List<AppendUnit> units, List<AppendUnit> stale, long before) {
    List<AppendUnit> written = without(stale, units);
    queue.succeeded(written);
    long position = before;
    for (AppendUnit unit : written) {
      position += unit.rows().size();
      feed.committed(position, unit.events(), unit.bytes());
      unit.durable().complete(position);
    }
    lastOwnPosition = position;
    feed.wakeReaders();
    stale.forEach(unit -> fail(unit, conflict(null)));
  }

  /** Something in the batch can't be stored: halve it until it is known what. */
  private void refuse(List<AppendUnit> units, SQLException reason) throws InterruptedException {
    if (units.size() == 1) {
      fail(units.getFirst(), refusal(units.getFirst(), reason));
      return;
    }
    int middle = units.size() / 2;
    writeRemaining(units.subList(0, middle));
    writeRemaining(units.subList(middle, units.size()));
  }

  private void writeRemaining(List<AppendUnit> units) throws InterruptedException {
    List<AppendUnit> remaining = units.stream().filter(unit -> !unit.durable().isDone()).toList();
    if (!remaining.isEmpty()) {
      write(remaining);
    }
  }

  private void fail(AppendUnit unit, RuntimeException cause) {
    if (!unit.durable().isDone()) {
      int self = batch.indexOf(unit);
      List<AppendUnit> later =
          batch.subList(self + 1, batch.size()).stream()
              .filter(next -> !next.durable().isDone())
              .toList();
      queue.failed(unit, cause, later);
    }
  }

  private static RuntimeException refusal(AppendUnit unit, SQLException reason) {
    if (AppendSession.isDuplicateAnswer(reason) && unit.answer() != null) {
      return new DuplicateRequestException(unit.answer().key());
    }
    if (AppendSession.isDuplicateEvent(reason)) {
      return conflict(reason);
    }
    return new EventStoreException("the database refuses an event", reason);
  }

  private static ConcurrencyException conflict(@Nullable SQLException reason) {
    return new ConcurrencyException("another node has written to the stream", reason);
  }

  /** The statement's fault (integrity, bad data), not the connection's. */
  private static boolean isRefusal(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("23") || state.startsWith("22"));
  }

  private AppendSession session() throws SQLException {
    AppendSession open = session;
    if (open == null) {
      Connection connection = dataSource.getConnection();
      open = new AppendSession(connection);
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
