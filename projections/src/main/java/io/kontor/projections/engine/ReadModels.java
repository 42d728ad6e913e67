package io.kontor.projections.engine;

import static io.kontor.projections.tables.Tables.CHECKPOINT;
import static io.kontor.projections.tables.Tables.PARKED_EVENTS;
import static io.kontor.projections.tables.Tables.PROJECTION;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jooq.DSLContext;

/** How far the read models are, for whoever reads them. */
public final class ReadModels {
  /** How often another node's progress is looked up; this node's own is told at once. */
  private static final Duration LOOK_UP = Duration.ofMillis(50);

  private final Map<String, Progress> progress = new LinkedHashMap<>();
  private final DSLContext sql;
  private final LongSupplier head;
  private final LongSupplier table;
  private final Predicate<String> failing;

  ReadModels(
      Map<String, Progress> progress,
      DSLContext sql,
      LongSupplier head,
      LongSupplier table,
      Predicate<String> failing) {
    this.progress.putAll(progress);
    this.sql = sql;
    this.head = head;
    this.table = table;
    this.failing = failing;
  }

  /**
   * Waits until a projection shows everything up to a position.
   *
   * @throws ReadModelBehindException when it does not in time
   */
  public void await(String projection, long position, Duration atMost) {
    Progress known = Objects.requireNonNull(progress.get(projection), projection);
    if (known.position() >= position) {
      return;
    }
    long end = System.nanoTime() + atMost.toNanos();
    while (!known.await(position, LOOK_UP)) {
      known.reached(checkpoint(projection));
      if (known.position() < position && System.nanoTime() - end >= 0) {
        throw new ReadModelBehindException(projection, position, known.position());
      }
    }
  }

  /**
   * Waits until the event table has a position, for who reads events themselves.
   *
   * @throws ReadModelBehindException when it does not in time
   */
  public void awaitStored(long position, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (table.getAsLong() < position) {
      if (System.nanoTime() - end >= 0) {
        throw new ReadModelBehindException("the event table", position, table.getAsLong());
      }
      LockSupport.parkNanos(LOOK_UP.toNanos());
    }
  }

  /** The event store's last position. */
  public long head() {
    return head.getAsLong();
  }

  /** Every projection's state. */
  public List<ProjectionStatus> status() {
    long last = head();
    Map<String, Long> parked =
        sql.selectFrom(PARKED_EVENTS).fetchMap(PARKED_EVENTS.PROJECTION, PARKED_EVENTS.EVENTS);
    Map<String, Integer> generations =
        sql.selectFrom(PROJECTION).fetchMap(PROJECTION.NAME, PROJECTION.GENERATION);
    return progress.keySet().stream()
        .map(
            name -> {
              long position = checkpoint(name);
              return new ProjectionStatus(
                  name,
                  generations.getOrDefault(name, 1),
                  position,
                  Math.max(last, position),
                  parked.getOrDefault(name, 0L),
                  failing.test(name));
            })
        .toList();
  }

  private long checkpoint(String projection) {
    Long position =
        sql.select(CHECKPOINT.POSITION)
            .from(CHECKPOINT)
            .where(CHECKPOINT.PROJECTION.eq(projection))
            .fetchOne(CHECKPOINT.POSITION);
    return position == null ? 0 : position;
  }
}
