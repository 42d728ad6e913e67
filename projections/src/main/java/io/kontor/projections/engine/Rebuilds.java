package io.kontor.projections.engine;

import static io.kontor.projections.tables.Tables.PROJECTION;
import static io.kontor.projections.tables.Tables.REBUILD;
import static org.jooq.impl.DSL.val;

import io.kontor.api.Ids;
import io.kontor.eventstore.EventPages;
import io.kontor.projections.engine.Rebuild.Kind;
import io.kontor.projections.engine.Rebuild.Phase;
import io.kontor.projections.engine.Rebuild.State;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds of projections: asked for by anyone, done by one node, gone on with by another when that
 * one is gone.
 */
public final class Rebuilds {
  private static final Logger log = LoggerFactory.getLogger(Rebuilds.class);
  private static final long LOOK_AGAIN_MILLIS = 1_000;

  /** What is interrupted then is rolled back, and done again at the next start. */
  private static final Duration TO_END_A_STEP = Duration.ofSeconds(5);

  private final List<Projection<?>> projections;
  private final WorkerDatabase worker;
  private final EventPages events;
  private final RebuildProperties properties;
  private final Semaphore requested = new Semaphore(0);
  private volatile boolean stopped;
  private @Nullable Thread thread;

  public Rebuilds(
      List<? extends Projection<?>> projections,
      WorkerDatabase worker,
      EventPages events,
      RebuildProperties properties) {
    this.projections = List.copyOf(projections);
    this.worker = worker;
    this.events = events;
    this.properties = properties;
  }

  /** How far the event table is, from which rebuilds read. */
  long eventTableHead() {
    return events.head();
  }

  /** The names of the projections that can be rebuilt. */
  public List<String> names() {
    return projections.stream().<String>map(Projection::name).toList();
  }

  /**
   * Asks for a rebuild.
   *
   * @param names of the projections, which are rebuilt in one pass and swapped in one transaction
   * @param tenant only this tenant's rows; everyone's, when null
   * @param requestKey the idempotency key, by which {@link #find(TenantId, String)} finds it again
   * @throws RebuildRefusedException when one of them is being rebuilt
   */
  public Rebuild request(
      Collection<String> names, @Nullable TenantId tenant, @Nullable String requestKey) {
    return insert(Kind.REBUILD, named(names), tenant, requestKey, Phase.NEW, 0);
  }

  /**
   * Asks for the generation that served before.
   *
   * @param requestKey the idempotency key
   * @throws RebuildRefusedException when there is none that this version can go on with
   */
  public Rebuild requestRollback(String name, @Nullable String requestKey) {
    Projection<?> projection = named(List.of(name)).getFirst();
    Record row = worker.sql().selectFrom(PROJECTION).where(PROJECTION.NAME.eq(name)).fetchOne();
    Long position = row == null ? null : row.get(PROJECTION.PREVIOUS_POSITION);
    if (row == null || position == null) {
      throw new RebuildRefusedException("%s has no previous generation".formatted(name));
    }
    if (!Objects.equals(row.get(PROJECTION.PREVIOUS_VERSION), projection.version())
        || !new Generation(worker, Place.PREVIOUS, List.of(projection)).fitsLiveTables()) {
      throw new RebuildRefusedException(
          "the previous generation of %s was built by version %s of it and this is version %s: roll"
                  .formatted(name, row.get(PROJECTION.PREVIOUS_VERSION), projection.version())
              + " back with the program that built it");
    }
    return insert(Kind.ROLLBACK, List.of(projection), null, requestKey, Phase.CATCH_UP, position);
  }

  /** A rebuild by its id. */
  public Optional<Rebuild> find(UUID id) {
    return worker
        .sql()
        .selectFrom(REBUILD)
        .where(REBUILD.REBUILD_ID.eq(id))
        .fetchOptional(Rebuilds::rebuild);
  }

  /** What was begun by a request with that idempotency key, the last one first. */
  public Optional<Rebuild> find(@Nullable TenantId tenant, String requestKey) {
    return worker
        .sql()
        .selectFrom(REBUILD)
        .where(REBUILD.REQUEST_KEY.eq(requestKey))
        .and(REBUILD.TENANT_ID.isNotDistinctFrom(tenant == null ? null : tenant.value()))
        .orderBy(REBUILD.STARTED_AT.desc())
        .limit(1)
        .fetchOptional(Rebuilds::rebuild);
  }

  /** Those that are not at their end. */
  public List<Rebuild> running() {
    return worker
        .sql()
        .selectFrom(REBUILD)
        .where(REBUILD.STATE.eq(State.RUNNING.name()))
        .orderBy(REBUILD.STARTED_AT)
        .fetch(Rebuilds::rebuild);
  }

  /**
   * Ends a rebuild without any effect. Whoever works on it notices at its next step.
   *
   * @return whether there was something to end
   */
  public boolean abort(UUID id) {
    boolean aborted =
        worker
                .sql()
                .update(REBUILD)
                .set(REBUILD.STATE, State.ABORTED.name())
                .set(REBUILD.FINISHED_AT, Instant.now())
                .where(REBUILD.REBUILD_ID.eq(id))
                .and(REBUILD.STATE.eq(State.RUNNING.name()))
                .execute()
            == 1;
    if (aborted) {
      log.info("rebuild aborted: id={}", id);
    }
    return aborted;
  }

  /**
   * Works on a rebuild until its end, on the caller's thread.
   *
   * @return false when another process does that already, or it has ended
   */
  public boolean work(UUID id) {
    Rebuild rebuild = find(id).orElseThrow();
    if (rebuild.state().isFinal()) {
      return false;
    }
    try (RebuildLock lock = RebuildLock.tryTake(worker.dataSource(), rebuild.projections())) {
      if (lock == null) {
        return false;
      }
      List<Projection<?>> wanted = named(rebuild.projections());
      new Rebuilder(worker, events, properties, wanted, id, () -> stopped).run();
      return true;
    }
  }

  /** Begins to do what is asked for, here or elsewhere, and what a new version needs. */
  void start() {
    stopped = false;
    if (properties.onNewVersion()) {
      rebuildOlderVersions();
    }
    thread = Thread.ofPlatform().name("rebuild").daemon().start(this::workOnAll);
  }

  void stop() {
    stopped = true;
    requested.release();
    if (thread != null) {
      try {
        if (!thread.join(TO_END_A_STEP)) {
          thread.interrupt();
          thread.join(TO_END_A_STEP);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void workOnAll() {
    while (!stopped) {
      try {
        for (Rebuild rebuild : running()) {
          if (!stopped) {
            work(rebuild.id());
          }
        }
        if (requested.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
          requested.drainPermits();
        }
      } catch (RuntimeException e) {
        log.warn("A rebuild was interrupted and will go on: {}", e.toString());
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void rebuildOlderVersions() {
    List<String> older =
        projections.stream()
            .filter(
                projection ->
                    worker
                        .sql()
                        .fetchExists(
                            PROJECTION,
                            PROJECTION
                                .NAME
                                .eq(projection.name())
                                .and(PROJECTION.VERSION.lt(projection.version()))))
            .<String>map(Projection::name)
            .toList();
    if (!older.isEmpty()) {
      try {
        log.info("rebuild of a new version begins: projections={}", older);
        request(older, null, null);
      } catch (RebuildRefusedException another) {
        log.info("rebuild of a new version waits: {}", another.getMessage());
      }
    }
  }

  private List<Projection<?>> named(Collection<String> names) {
    Set<String> wanted = Set.copyOf(names);
    List<Projection<?>> found =
        projections.stream()
            .filter(projection -> wanted.contains(projection.name()))
            .<Projection<?>>map(projection -> projection)
            .toList();
    if (found.isEmpty() || found.size() < wanted.size()) {
      throw new IllegalArgumentException(
          "there is no such projection among %s: %s".formatted(names(), wanted));
    }
    return found;
  }

  private Rebuild insert(
      Kind kind,
      List<Projection<?>> wanted,
      @Nullable TenantId tenant,
      @Nullable String requestKey,
      Phase phase,
      long position) {
    UUID id = Ids.next();
    String[] names = wanted.stream().map(Projection::name).toArray(String[]::new);
    Rebuild begun =
        worker
            .transactions()
            .fetchInTransaction(
                () -> {
                  DSLContext sql = worker.sql();
                  sql.execute("select pg_advisory_xact_lock(hashtext('kontor.rebuild'))");
                  Rebuild other =
                      running().stream()
                          .filter(
                              running -> Stream.of(names).anyMatch(running.projections()::contains))
                          .findFirst()
                          .orElse(null);
                  if (other != null) {
                    throw new RebuildRefusedException(
                        "%s is being rebuilt already".formatted(String.join(", ", names)));
                  }
                  wanted.forEach(
                      projection ->
                          new LiveGeneration(projection.name(), sql)
                              .register(projection.version()));
                  sql.insertInto(REBUILD)
                      .set(REBUILD.REBUILD_ID, id)
                      .set(REBUILD.KIND, kind.name())
                      .set(REBUILD.PROJECTIONS, names)
                      .set(
                          REBUILD.VERSIONS,
                          wanted.stream().map(Projection::version).toArray(Integer[]::new))
                      .set(REBUILD.TENANT_ID, tenant == null ? null : tenant.value())
                      .set(REBUILD.REQUEST_KEY, val(requestKey))
                      .set(REBUILD.STATE, State.RUNNING.name())
                      .set(REBUILD.PHASE, phase.name())
                      .set(REBUILD.POSITION, position)
                      .set(REBUILD.HEAD, events.head())
                      .execute();
                  return find(id).orElseThrow();
                });
    requested.release();
    return begun;
  }

  static Rebuild rebuild(Record row) {
    String tenant = row.get(REBUILD.TENANT_ID);
    return new Rebuild(
        Objects.requireNonNull(row.get(REBUILD.REBUILD_ID)),
        Kind.valueOf(Objects.requireNonNull(row.get(REBUILD.KIND))),
        List.of(Objects.requireNonNull(row.get(REBUILD.PROJECTIONS))),
        tenant == null ? null : new TenantId(tenant),
        State.valueOf(Objects.requireNonNull(row.get(REBUILD.STATE))),
        Phase.valueOf(Objects.requireNonNull(row.get(REBUILD.PHASE))),
        Objects.requireNonNull(row.get(REBUILD.POSITION)),
        Objects.requireNonNull(row.get(REBUILD.HEAD)),
        Objects.requireNonNull(row.get(REBUILD.PER_SECOND)),
        row.get(REBUILD.FAILURE));
  }
}
