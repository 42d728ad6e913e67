package io.kontor.projections.engine;

import static io.kontor.projections.tables.Tables.CHECKPOINT;
import static io.kontor.projections.tables.Tables.PARKED_EVENTS;
import static io.kontor.projections.tables.Tables.PROJECTION;

import io.kontor.eventstore.read.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jooq.DSLContext;

/** How far the read models are, for whoever reads them. */
public final class ReadModelPositions {
  /**
   * How often other nodes' progress is looked up while somebody waits; this node's comes at once.
   */
  private static final Duration LOOK_UP = Duration.ofMillis(50);

  /** How far another node may have written before this one hears of it. */
  private static final long IN_FLIGHT = 20_000;

  private final Map<String, ProjectionPosition> progress = new LinkedHashMap<>();
  private final ProjectionPosition stored;

  /** How far time is over, in milliseconds since the epoch. */
  private final ProjectionPosition over;

  private final DSLContext sql;
  private final LongSupplier head;
  private final LongSupplier table;
  private final Supplier<Watermark> watermarks;
  private final Predicate<String> failing;
  private final Poller poller;
  private volatile Watermark watermark = Watermark.START;

  ReadModelPositions(
      Map<String, ProjectionPosition> progress,
      DSLContext sql,
      LongSupplier head,
      LongSupplier table,
      Supplier<Watermark> watermarks,
      Predicate<String> failing) {
    this.progress.putAll(progress);
    this.sql = sql;
    this.head = head;
    this.table = table;
    this.watermarks = watermarks;
    this.failing = failing;
    this.poller =
        new Poller("read-model-progress", LOOK_UP, this::isWaitedFor, this::lookUpProgress);
    this.stored = new ProjectionPosition(poller::wake);
    Poller clock = new Poller("watermark", LOOK_UP, this::isTimeWaitedFor, this::lookUpTime);
    this.over = new ProjectionPosition(clock::wake);
    progress.values().forEach(one -> one.onWait(poller::wake));
  }

  /**
   * Waits until a projection shows everything up to a position. A position that can't have been
   * answered to anybody yet is not waited for.
   *
   * @throws ReadModelBehindException when it does not in time
   */
  public void await(String projection, long position, Duration atMost) {
    await(projection, known(projection), position, atMost);
  }

  /**
   * Waits until the event table has a position, for who reads events themselves.
   *
   * @throws ReadModelBehindException when it does not in time
   */
  public void awaitStored(long position, Duration atMost) {
    await("the event table", stored, position, atMost);
  }

  /**
   * Waits until a projection shows everything that was booked before an instant and will ever have
   * been: until that instant is over for the event store.
   *
   * @throws ReadModelBehindException when it does not in time
   */
  public void awaitAllBefore(String projection, Instant instant, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    long millis = instant.toEpochMilli();
    long whole = Instant.ofEpochMilli(millis).equals(instant) ? millis : millis + 1;
    if (!over.await(whole, atMost)) {
      throw new ReadModelBehindException("the event store's time", whole, over.position());
    }
    await(projection, watermark.position(), Duration.ofNanos(end - System.nanoTime()));
  }

  private boolean isTimeWaitedFor() {
    return over.isWaitedFor();
  }

  private void lookUpTime() {
    watermark = watermarks.get();
    over.reached(watermark.instant().toEpochMilli());
  }

  private void await(String what, ProjectionPosition known, long position, Duration atMost) {
    if (known.position() >= position) {
      return;
    }
    if (position - IN_FLIGHT > Math.max(head(), known.position())
        || !known.await(position, atMost)) {
      throw new ReadModelBehindException(what, position, known.position());
    }
  }

  private boolean isWaitedFor() {
    return stored.isWaitedFor()
        || progress.values().stream().anyMatch(ProjectionPosition::isWaitedFor);
  }

  /** One look for all who wait, whatever they wait for. */
  private void lookUpProgress() {
    if (stored.isWaitedFor()) {
      stored.reached(table.getAsLong());
    }
    Map<String, Long> positions = checkpoints();
    progress.forEach((name, known) -> known.reached(positions.getOrDefault(name, 0L)));
  }

  private ProjectionPosition known(String projection) {
    return Objects.requireNonNull(progress.get(projection), projection);
  }

  /** The projections' names. */
  public Set<String> names() {
    return Collections.unmodifiableSet(progress.keySet());
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
    Map<String, Long> positions = checkpoints();
    return progress.keySet().stream()
        .map(
            name -> {
              long position = positions.getOrDefault(name, 0L);
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

  private Map<String, Long> checkpoints() {
    return sql.selectFrom(CHECKPOINT).fetchMap(CHECKPOINT.PROJECTION, CHECKPOINT.POSITION);
  }
}
