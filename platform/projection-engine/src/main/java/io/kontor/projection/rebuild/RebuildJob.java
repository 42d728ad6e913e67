package io.kontor.projection.rebuild;

import static io.kontor.projection.tables.Tables.PROJECTION;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.lock.LeaseLostException;
import io.kontor.projection.Projection;
import io.kontor.projection.rebuild.EventPrefetcher.FoldedPage;
import io.kontor.projection.rebuild.Rebuild.Kind;
import io.kontor.projection.rebuild.Rebuild.Phase;
import io.kontor.projection.rebuild.Rebuild.State;
import io.kontor.projection.write.GenerationSchema;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projection.write.TransientSqlErrors;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes one rebuild. Every step is a transaction that checks this process's leases, advances the
 * rebuild's row and fails if another process has changed that row. So a rebuild can stop at any
 * point and be resumed by any node.
 */
final class RebuildJob {
  private static final Logger log = LoggerFactory.getLogger(RebuildJob.class);

  /** Lag in positions at which it blocks the live projection to process the rest. */
  private static final long NEAR = 1_000;

  private static final int SWAP_ATTEMPTS = 100;
  private static final long SWAP_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ProjectionDatabase worker;
  private final DSLContext sql;
  private final EventPageReader events;
  private final RebuildProperties properties;
  private final List<Projection<?>> projections;
  private final List<String> names;
  private final RebuildLeases leases;
  private final BooleanSupplier stopped;
  private final RebuildRepository rebuilds;
  private final UUID id;
  private final Kind kind;
  private final @Nullable TenantId tenant;
  private final Generation generation;
  private final EventPrefetcher prefetcher;
  private final GenerationSwap swap;
  private final long startNanos = System.nanoTime();
  private Phase phase;
  private long position;
  private long startPosition;

  /**
   * @param leases of this process, on the projections
   * @param stopped whether this process stops
   */
  RebuildJob(
      ProjectionDatabase worker,
      EventPageReader events,
      RebuildProperties properties,
      List<Projection<?>> projections,
      UUID id,
      RebuildLeases leases,
      BooleanSupplier stopped) {
    this.worker = worker;
    this.sql = worker.sql();
    this.events = events;
    this.properties = properties;
    this.projections = projections;
    this.names = Projection.names(projections);
    this.id = id;
    this.leases = leases;
    this.stopped = stopped;
    this.rebuilds = new RebuildRepository(sql);
    Rebuild rebuild = rebuilds.find(id).orElseThrow();
    this.kind = rebuild.kind();
    this.tenant = rebuild.tenant();
    this.phase = rebuild.phase();
    this.position = rebuild.processed();
    this.generation =
        new Generation(
            worker,
            kind == Kind.REBUILD ? GenerationSchema.NEXT : GenerationSchema.PREVIOUS,
            projections);
    this.prefetcher = new EventPrefetcher(events, generation, tenant, properties.batchSize());
    this.swap = new GenerationSwap(worker, events, projections, generation);
  }

  /**
   * Runs until the rebuild has ended, the process stops or a lease is lost.
   *
   * @throws RuntimeException if the database failed; the rebuild can be resumed
   */
  void run() {
    try {
      runLeased();
    } catch (LeaseLostException lost) {
      log.warn("rebuild left to another process id={} cause={}", id, lost.getMessage());
    }
  }

  private void runLeased() {
    if (!rebuilds.isBuiltBy(projections, id) || !generation.fitsLiveTables()) {
      phase = Phase.NEW;
    }
    startPosition = position;
    log.info(
        "rebuild started id={} projections={} phase={} position={}", id, names, phase, position);
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
      log.info("rebuild done id={} projections={} position={}", id, names, position);
    } catch (RebuildEndedException ended) {
      dropIfAborted();
    } catch (LeaseLostException lost) {
      throw lost;
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
    inStep(
        () -> {
          generation.create();
          rebuilds.filling(id, projections);
        });
    phase = Phase.FILL;
    position = 0;
    startPosition = 0;
  }

  /** Writes a page while the next one is read and folded. */
  private void fill() {
    while (limit() - position > 0) {
      long target = limit();
      var pages = prefetcher.pages(position, target);
      while (position < target) {
        long begun = System.nanoTime();
        write(pages.next());
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
      inStep(
          () -> {
            worker.allowSlowStatements(properties.stepTimeout());
            sql.execute("set local maintenance_work_mem = '128MB'");
            generation.add(index);
          });
    }
    inStep(
        () -> {
          worker.allowSlowStatements(properties.stepTimeout());
          generation.analyze();
        });
    enter(Phase.CATCH_UP);
  }

  private void catchUp() {
    for (long target = limit(); target - position > NEAR; target = limit()) {
      write(prefetcher.page(position, target));
    }
  }

  private void swap() {
    for (int attempt = 1; ; attempt++) {
      requireNotStopped();
      try {
        position = worker.transactions().fetchInTransaction(this::swapNow);
        return;
      } catch (RuntimeException failure) {
        if (!GenerationSwap.isLockedByReaders(failure) || attempt == SWAP_ATTEMPTS) {
          throw failure;
        }
        pauseNanos(SWAP_PAUSE_NANOS);
        catchUp();
      }
    }
  }

  /** Returns the position reached. */
  private long swapNow() {
    leases.check(sql);
    worker.allowSlowStatements(properties.stepTimeout());
    long live = swap.lock();
    long reached = position;
    if (live > position) {
      FoldedPage rest = prefetcher.read(position, live);
      generation.takeFolded(rest.folded());
      reached = rest.upTo();
    }
    storePosition(reached);
    if (tenant == null) {
      swap.swap(kind, reached, properties.keepPrevious());
    } else {
      swap.replaceRowsOf(tenant, reached);
    }
    rebuilds.done(id);
    return reached;
  }

  /** Writes a page and its position in one transaction. */
  private void write(FoldedPage page) {
    requireNotStopped();
    inStep(
        () -> {
          storePosition(page.upTo());
          generation.takeFolded(page.folded());
        });
    position = page.upTo();
  }

  private void storePosition(long to) {
    double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
    rebuilds.advance(id, position, to, events.head(), (to - startPosition) / seconds);
    if (kind == Kind.ROLLBACK) {
      sql.update(PROJECTION)
          .set(PROJECTION.PREVIOUS_POSITION, to)
          .where(PROJECTION.NAME.in(names))
          .execute();
    }
  }

  private void enter(Phase next) {
    inStep(() -> rebuilds.enter(id, next));
    phase = next;
  }

  /** A single tenant's rows must not get ahead of the live rows of other tenants. */
  private long limit() {
    if (tenant == null) {
      return events.head();
    }
    return sql
        .select(PROJECTION.POSITION)
        .from(PROJECTION)
        .where(PROJECTION.NAME.in(names))
        .fetch(PROJECTION.POSITION)
        .stream()
        .mapToLong(Long::longValue)
        .min()
        .orElse(0);
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
      throw new RebuildEndedException();
    }
  }

  private void requireNotStopped() {
    if (stopped.getAsBoolean() || !leases.areValid()) {
      throw new RebuildEndedException();
    }
  }

  private void fail(RuntimeException failure) {
    log.error("rebuild failed id={} projections={}", id, names, failure);
    inStep(() -> rebuilds.failed(id, String.valueOf(failure.getMessage())));
    drop();
  }

  private void dropIfAborted() {
    if (rebuilds.find(id).orElseThrow().state() == State.ABORTED) {
      drop();
    }
  }

  private void drop() {
    if (kind == Kind.REBUILD) {
      inStep(generation::drop);
    }
  }

  /** A transaction that only the holder of the leases can commit. */
  private void inStep(Runnable step) {
    worker
        .transactions()
        .executeInTransaction(
            () -> {
              leases.check(sql);
              step.run();
            });
  }
}
