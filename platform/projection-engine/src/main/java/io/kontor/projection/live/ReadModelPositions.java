package io.kontor.projection.live;

import static io.kontor.projection.tables.Tables.CHECKPOINT;
import static io.kontor.projection.tables.Tables.PARKED_EVENTS;
import static io.kontor.projection.tables.Tables.PROJECTION;

import io.kontor.eventstore.read.Watermark;
import io.kontor.projection.Poller;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/** The positions of the read models; readers wait here for a position. */
public final class ReadModelPositions {
  /**
   * Polling interval of the checkpoints while a thread waits; this node's own progress arrives
   * without polling.
   */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  /** Positions that other nodes may have appended before this node sees them. */
  private static final long IN_FLIGHT = 20_000;

  private final Map<String, ProjectionPosition> progress = new LinkedHashMap<>();

  /** Of event processors that are no projections, since a thread first waited for one. */
  private final ConcurrentMap<String, ProjectionPosition> processors = new ConcurrentHashMap<>();

  private final ProjectionPosition stored;

  /** The instant before which nothing will be booked any more, in milliseconds since the epoch. */
  private final ProjectionPosition passedTime;

  private final DSLContext sql;
  private final LongSupplier head;
  private final LongSupplier tableHead;
  private final Supplier<Watermark> watermarks;
  private final Predicate<String> failing;
  private final Poller poller;
  private volatile Watermark watermark = Watermark.START;

  ReadModelPositions(
      Map<String, ProjectionPosition> progress,
      DSLContext sql,
      LongSupplier head,
      LongSupplier tableHead,
      Supplier<Watermark> watermarks,
      Predicate<String> failing) {
    this.progress.putAll(progress);
    this.sql = sql;
    this.head = head;
    this.tableHead = tableHead;
    this.watermarks = watermarks;
    this.failing = failing;
    this.poller =
        new Poller("read-model-progress", POLL_INTERVAL, this::isWaitedFor, this::pollPositions);
    this.stored = new ProjectionPosition(poller::wake);
    Poller clock = new Poller("watermark", POLL_INTERVAL, this::isTimeWaitedFor, this::pollTime);
    this.passedTime = new ProjectionPosition(clock::wake);
    progress.values().forEach(one -> one.onWait(poller::wake));
  }

  /**
   * Waits until a projection has reached a position. Fails at once for a position too far beyond
   * the head to exist.
   *
   * @throws ReadModelBehindException if it does not in time
   */
  public void await(String projection, long position, Duration timeout) {
    await(projection, known(projection), position, timeout);
  }

  /**
   * Waits until an event processor that is no projection has reached a position, on whichever node
   * it runs. Fails at once for a position too far beyond the head to exist.
   *
   * @throws ReadModelBehindException if it does not in time
   */
  public void awaitProcessor(String processor, long position, Duration timeout) {
    ProjectionPosition known =
        processors.computeIfAbsent(processor, name -> new ProjectionPosition(poller::wake));
    await(processor, known, position, timeout);
  }

  /**
   * Waits until the event table has reached a position, for readers of events.
   *
   * @throws ReadModelBehindException if it does not in time
   */
  public void awaitStored(long position, Duration timeout) {
    await("the event table", stored, position, timeout);
  }

  /**
   * Waits until nothing can be booked before an instant any more and the projection has everything
   * that was.
   *
   * @throws ReadModelBehindException if it does not in time
   */
  public void awaitAllBefore(String projection, Instant instant, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    long millis = instant.toEpochMilli();
    long whole = Instant.ofEpochMilli(millis).equals(instant) ? millis : millis + 1;
    if (!passedTime.await(whole, timeout)) {
      throw new ReadModelBehindException("the event store's time", whole, passedTime.position());
    }
    await(projection, watermark.position(), Duration.ofNanos(end - System.nanoTime()));
  }

  private boolean isTimeWaitedFor() {
    return passedTime.isWaitedFor();
  }

  private void pollTime() {
    watermark = watermarks.get();
    passedTime.reached(watermark.instant().toEpochMilli());
  }

  private void await(String what, ProjectionPosition known, long position, Duration timeout) {
    if (known.position() >= position) {
      return;
    }
    if (position - IN_FLIGHT > Math.max(head(), known.position())
        || !known.await(position, timeout)) {
      throw new ReadModelBehindException(what, position, known.position());
    }
  }

  private boolean isWaitedFor() {
    return stored.isWaitedFor()
        || Stream.concat(progress.values().stream(), processors.values().stream())
            .anyMatch(ProjectionPosition::isWaitedFor);
  }

  /** One poll for all waiters. */
  private void pollPositions() {
    if (stored.isWaitedFor()) {
      stored.reached(tableHead.getAsLong());
    }
    Map<String, Long> positions = checkpoints();
    Stream.of(progress, processors)
        .forEach(
            all -> all.forEach((name, known) -> known.reached(positions.getOrDefault(name, 0L))));
  }

  private ProjectionPosition known(String projection) {
    return Objects.requireNonNull(progress.get(projection), projection);
  }

  /** The versions of the rows of all read models. */
  public Map<String, ReadModelVersion> versions() {
    return sql.selectFrom(PROJECTION)
        .fetchMap(
            PROJECTION.NAME,
            row ->
                new ReadModelVersion(
                    Objects.requireNonNull(row.get(PROJECTION.EDITION)),
                    Objects.requireNonNull(row.get(PROJECTION.POSITION))));
  }

  public Set<String> names() {
    return Collections.unmodifiableSet(progress.keySet());
  }

  /** The event store's last position. */
  public long head() {
    return head.getAsLong();
  }

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
