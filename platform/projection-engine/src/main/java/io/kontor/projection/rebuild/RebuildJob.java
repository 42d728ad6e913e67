package io.kontor.projection.rebuild;

import static io.kontor.projection.tables.Tables.PROJECTION;
import static io.kontor.projection.tables.Tables.REBUILD;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventPageReader.Page;
import io.kontor.projection.Projection;
import io.kontor.projection.rebuild.Rebuild.Kind;
import io.kontor.projection.rebuild.Rebuild.Phase;
import io.kontor.projection.rebuild.Rebuild.State;
import io.kontor.projection.write.GenerationSchema;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projection.write.Projector;
import io.kontor.projection.write.Projector.Folded;
import io.kontor.projection.write.TransientSqlErrors;
import io.kontor.tenancy.TenantId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.axonframework.eventhandling.EventMessage;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes one rebuild. Every step is a transaction that also advances the rebuild's row and fails
 * if another process has changed that row. So a rebuild can stop at any point and be resumed by any
 * node.
 */
final class RebuildJob {
  private static final Logger log = LoggerFactory.getLogger(RebuildJob.class);

  /** Lag in positions at which it blocks the live projection to process the rest. */
  private static final long NEAR = 1_000;

  private static final int SWAP_ATTEMPTS = 100;
  private static final long SWAP_PAUSE_MILLIS = 100;
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final ProjectionDatabase worker;
  private final DSLContext sql;
  private final EventPageReader events;
  private final RebuildProperties properties;
  private final List<Projection<?>> projections;
  private final UUID id;
  private final BooleanSupplier stopped;
  private final Kind kind;
  private final @Nullable TenantId tenant;
  private final Generation generation;
  private Phase phase;
  private long position;
  private final long startNanos = System.nanoTime();
  private long startPosition;

  /** The rebuild was aborted or taken over, or the process stops. */
  private static final class EndedException extends RuntimeException {
    EndedException() {
      super("ended", null, false, false);
    }
  }

  /** Folded events, ready to be written. */
  private record Ready(long upTo, List<Folded> folded) {}

  RebuildJob(
      ProjectionDatabase worker,
      EventPageReader events,
      RebuildProperties properties,
      List<Projection<?>> projections,
      UUID id,
      BooleanSupplier stopped) {
    this.worker = worker;
    this.sql = worker.sql();
    this.events = events;
    this.properties = properties;
    this.projections = projections;
    this.id = id;
    this.stopped = stopped;
    Record row = sql.selectFrom(REBUILD).where(REBUILD.REBUILD_ID.eq(id)).fetchSingle();
    Rebuild rebuild = RebuildRequests.rebuild(row);
    this.kind = rebuild.kind();
    this.tenant = rebuild.tenant();
    this.phase = rebuild.phase();
    this.position = rebuild.processed();
    this.generation =
        new Generation(
            worker,
            kind == Kind.REBUILD ? GenerationSchema.NEXT : GenerationSchema.PREVIOUS,
            projections);
    if (phase != Phase.NEW && !isOfThisVersion(row)) {
      phase = Phase.NEW;
    }
  }

  /**
   * Runs until the rebuild has ended or the process stops.
   *
   * @throws RuntimeException if the database failed; the rebuild can be resumed
   */
  void run() {
    log.info(
        "rebuild runs: id={} projections={} phase={} position={}", id, names(), phase, position);
    startPosition = position;
    try {
      if (phase == Phase.NEW) {
        create();
      }
      if (phase == Phase.FILL) {
        fill();
      }
      if (phase == Phase.INDEX) {
        addIndexes();
      }
      catchUp();
      swap();
      log.info("rebuild done: id={} projections={} position={}", id, names(), position);
    } catch (EndedException ended) {
      cleanUpWhenAborted();
    } catch (RuntimeException failure) {
      if (TransientSqlErrors.isCauseOf(failure)) {
        throw failure;
      }
      fail(failure);
    }
  }

  private void create() {
    if (kind == Kind.ROLLBACK) {
      throw new IllegalStateException("the previous generation is of another version by now");
    }
    worker
        .transactions()
        .executeInTransaction(
            () -> {
              generation.create();
              requireUpdated(
                  sql.update(REBUILD)
                      .set(REBUILD.PHASE, Phase.FILL.name())
                      .set(REBUILD.POSITION, 0L)
                      .set(
                          REBUILD.VERSIONS,
                          projections.stream().map(Projection::version).toArray(Integer[]::new))
                      .where(REBUILD.REBUILD_ID.eq(id))
                      .and(REBUILD.STATE.eq(State.RUNNING.name()))
                      .execute());
            });
    phase = Phase.FILL;
    position = 0;
    startPosition = 0;
  }

  /** Reads and folds the next page while the current one is written. */
  private void fill() {
    while (limit() - position > 0) {
      long target = limit();
      CompletableFuture<Ready> next = readAhead(position, target);
      while (position < target) {
        long begun = System.nanoTime();
        Ready page = join(next);
        if (page.upTo() < target) {
          next = readAhead(page.upTo(), target);
        }
        take(page);
        throttle(System.nanoTime() - begun, target);
      }
      if (limit() - position < properties.batchSize()) {
        break;
      }
    }
    enter(Phase.INDEX);
  }

  private void addIndexes() {
    for (Generation.Index index : generation.missingIndexes()) {
      requireNotStopped();
      worker
          .transactions()
          .executeInTransaction(
              () -> {
                setStepTimeout();
                sql.execute("set local maintenance_work_mem = '128MB'");
                generation.add(index);
              });
    }
    worker
        .transactions()
        .executeInTransaction(
            () -> {
              setStepTimeout();
              generation.analyze();
            });
    enter(Phase.CATCH_UP);
  }

  /**
   * Raises the network timeout: what follows in this transaction depends on the size of a table.
   * The pool resets it.
   */
  private void setStepTimeout() {
    int millis = Math.toIntExact(properties.stepTimeout().toMillis());
    sql.connection(connection -> connection.setNetworkTimeout(Runnable::run, millis));
  }

  private void catchUp() {
    for (long target = limit(); target - position > NEAR; target = limit()) {
      take(read(position, Math.min(target, position + properties.batchSize())));
    }
  }

  private void swap() {
    for (int attempt = 1; ; attempt++) {
      requireNotStopped();
      try {
        position = worker.transactions().fetchInTransaction(this::swapNow);
        return;
      } catch (RuntimeException failure) {
        if (!isLockedByReaders(failure) || attempt == SWAP_ATTEMPTS) {
          throw failure;
        }
        pauseNanos(TimeUnit.MILLISECONDS.toNanos(SWAP_PAUSE_MILLIS));
        catchUp();
      }
    }
  }

  /** Blocks live batches from the first statement on, readers only during the last ones. */
  private long swapNow() {
    setStepTimeout();
    List<Long> live = lockLive();
    long target = Math.max(position, live.stream().mapToLong(Long::longValue).max().orElse(0));
    long reached = position;
    if (target > position) {
      Ready rest = read(position, target);
      generation.takeFolded(rest.folded());
      reached = rest.upTo();
    }
    storePosition(reached);
    if (tenant == null) {
      // A slow reader would make the swap wait, and all other readers behind it.
      sql.execute("set local lock_timeout = '250ms'");
      generation.swapWithLive();
      renumber(reached);
      if (!properties.keepPrevious()) {
        dropPrevious();
      }
    } else {
      advanceLiveTo(reached);
      generation.replaceRowsOf(tenant);
      generation.drop();
    }
    requireUpdated(
        sql.update(REBUILD)
            .set(REBUILD.STATE, State.DONE.name())
            .set(REBUILD.FINISHED_AT, Instant.now())
            .where(REBUILD.REBUILD_ID.eq(id))
            .and(REBUILD.STATE.eq(State.RUNNING.name()))
            .execute());
    return reached;
  }

  private List<Long> lockLive() {
    return sql.select(PROJECTION.POSITION)
        .from(PROJECTION)
        .where(PROJECTION.NAME.in(names()))
        .orderBy(PROJECTION.NAME)
        .forUpdate()
        .fetch(PROJECTION.POSITION);
  }

  /**
   * Brings all tenants' live rows to the position of the rebuilt rows, so that no event is
   * projected twice.
   */
  private void advanceLiveTo(long reached) {
    for (Projection<?> projection : projections) {
      Long live =
          sql.select(PROJECTION.POSITION)
              .from(PROJECTION)
              .where(PROJECTION.NAME.eq(projection.name()))
              .fetchSingle(PROJECTION.POSITION);
      if (live < reached) {
        new Projector<>(
                projection, sql, worker.parked(projection.name()), worker.backoff(), changes -> {})
            .take(List.copyOf(events.read(null, live, reached).events()));
        sql.update(PROJECTION)
            .set(PROJECTION.POSITION, reached)
            .where(PROJECTION.NAME.eq(projection.name()))
            .execute();
      }
    }
  }

  private void renumber(long reached) {
    for (Projection<?> projection : projections) {
      sql.execute(
          """
          update kontor.projection set
            generation = case when ? then greatest(generation, coalesce(previous_generation, 0)) + 1
                              else previous_generation end,
            version = ?, position = ?, previous_generation = generation,
            previous_version = version, previous_position = position
          where name = ?
          """,
          kind == Kind.REBUILD,
          projection.version(),
          reached,
          projection.name());
    }
  }

  private void dropPrevious() {
    generation.dropPrevious();
    sql.update(PROJECTION)
        .setNull(PROJECTION.PREVIOUS_GENERATION)
        .setNull(PROJECTION.PREVIOUS_VERSION)
        .setNull(PROJECTION.PREVIOUS_POSITION)
        .where(PROJECTION.NAME.in(names()))
        .execute();
  }

  /** Writes a page and its position in one transaction. */
  private void take(Ready page) {
    requireNotStopped();
    worker
        .transactions()
        .executeInTransaction(
            () -> {
              storePosition(page.upTo());
              generation.takeFolded(page.folded());
            });
    position = page.upTo();
  }

  private void storePosition(long to) {
    double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
    requireUpdated(
        sql.update(REBUILD)
            .set(REBUILD.POSITION, to)
            .set(REBUILD.HEAD, Math.max(to, events.head()))
            .set(REBUILD.PER_SECOND, (to - startPosition) / seconds)
            .where(REBUILD.REBUILD_ID.eq(id))
            .and(REBUILD.STATE.eq(State.RUNNING.name()))
            .and(REBUILD.POSITION.eq(position))
            .execute());
    if (kind == Kind.ROLLBACK) {
      sql.update(PROJECTION)
          .set(PROJECTION.PREVIOUS_POSITION, to)
          .where(PROJECTION.NAME.in(names()))
          .execute();
    }
  }

  private void enter(Phase next) {
    requireUpdated(
        sql.update(REBUILD)
            .set(REBUILD.PHASE, next.name())
            .where(REBUILD.REBUILD_ID.eq(id))
            .and(REBUILD.STATE.eq(State.RUNNING.name()))
            .execute());
    phase = next;
  }

  private static void requireUpdated(int rows) {
    if (rows != 1) {
      throw new EndedException();
    }
  }

  /** A single tenant's rows must not get ahead of the live rows of other tenants. */
  private long limit() {
    if (tenant == null) {
      return events.head();
    }
    return sql
        .select(PROJECTION.POSITION)
        .from(PROJECTION)
        .where(PROJECTION.NAME.in(names()))
        .fetch(PROJECTION.POSITION)
        .stream()
        .mapToLong(Long::longValue)
        .min()
        .orElse(0);
  }

  private CompletableFuture<Ready> readAhead(long after, long target) {
    long upTo = Math.min(target, after + properties.batchSize());
    return CompletableFuture.supplyAsync(() -> read(after, upTo), Thread::startVirtualThread);
  }

  private Ready read(long after, long upTo) {
    Page page = events.read(tenant, after, upTo);
    // getPayload deserializes the event: here in parallel, during the write of the previous page.
    page.events().parallelStream().filter(generation::concerns).forEach(EventMessage::getPayload);
    return new Ready(page.upTo(), generation.fold(List.copyOf(page.events())));
  }

  private static Ready join(CompletableFuture<Ready> page) {
    try {
      return page.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof Error fatal) {
        throw fatal;
      }
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /** Pauses to leave capacity for commands, if events were appended meanwhile. */
  private void throttle(long workedNanos, long headBefore) {
    if (properties.share() < 1 && events.head() > headBefore) {
      pauseNanos((long) (workedNanos * (1 - properties.share()) / properties.share()));
    }
  }

  private static void pauseNanos(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EndedException();
    }
  }

  private void requireNotStopped() {
    if (stopped.getAsBoolean()) {
      throw new EndedException();
    }
  }

  private boolean isOfThisVersion(Record row) {
    Integer[] now = projections.stream().map(Projection::version).toArray(Integer[]::new);
    return Arrays.equals(Objects.requireNonNull(row.get(REBUILD.VERSIONS)), now)
        && generation.fitsLiveTables();
  }

  private List<String> names() {
    return projections.stream().<String>map(Projection::name).toList();
  }

  private void cleanUpWhenAborted() {
    String state =
        sql.select(REBUILD.STATE)
            .from(REBUILD)
            .where(REBUILD.REBUILD_ID.eq(id))
            .fetchSingle(REBUILD.STATE);
    if (State.valueOf(state) == State.ABORTED) {
      cleanUp();
    }
  }

  private void cleanUp() {
    if (kind == Kind.REBUILD) {
      worker.transactions().executeInTransaction(generation::drop);
    }
  }

  private void fail(RuntimeException failure) {
    log.error("rebuild failed: id={} projections={}", id, names(), failure);
    sql.update(REBUILD)
        .set(REBUILD.STATE, State.FAILED.name())
        .set(REBUILD.FAILURE, String.valueOf(failure.getMessage()))
        .set(REBUILD.FINISHED_AT, Instant.now())
        .where(REBUILD.REBUILD_ID.eq(id))
        .and(REBUILD.STATE.eq(State.RUNNING.name()))
        .execute();
    cleanUp();
  }

  private static boolean isLockedByReaders(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }
}
