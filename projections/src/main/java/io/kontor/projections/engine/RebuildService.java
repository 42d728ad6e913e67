package io.kontor.projections.engine;

import static io.kontor.projections.tables.Tables.PROJECTION;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds of projections: asked for by anyone, done by one node, gone on with by another when that
 * one is gone.
 */
public final class RebuildService {
  private static final Logger log = LoggerFactory.getLogger(RebuildService.class);
  private static final long LOOK_AGAIN_MILLIS = 1_000;

  /** What is interrupted then is rolled back, and done again at the next start. */
  private static final Duration TO_END_A_STEP = Duration.ofSeconds(5);

  private final List<Projection<?>> projections;
  private final Set<String> renewed = new HashSet<>();
  private final RebuildRequests requests;
  private final ProjectionDatabase worker;
  private final EventPageReader events;
  private final RebuildProperties properties;
  private final Semaphore requested = new Semaphore(0);
  private volatile boolean stopped;
  private @Nullable Thread thread;

  public RebuildService(
      List<? extends Projection<?>> projections,
      ProjectionDatabase worker,
      EventPageReader events,
      RebuildProperties properties) {
    this.projections = List.copyOf(projections);
    this.worker = worker;
    this.events = events;
    this.properties = properties;
    this.requests =
        new RebuildRequests(
            projections, worker.sql(), worker.transactions(), events::head, properties, this::wake);
  }

  /** The event table, from which rebuilds read. */
  EventPageReader events() {
    return events;
  }

  /** The names of the projections that can be rebuilt. */
  public List<String> names() {
    return requests.names();
  }

  /** See {@link RebuildRequests#request}. */
  public Rebuild request(
      Collection<String> names, @Nullable TenantId tenant, @Nullable String requestKey) {
    return requests.request(names, tenant, requestKey);
  }

  /** See {@link RebuildRequests#requestRollback}. */
  public Rebuild requestRollback(String name, @Nullable String requestKey) {
    return requests.requestRollback(name, requestKey);
  }

  /** A rebuild by its id. */
  public Optional<Rebuild> find(UUID id) {
    return requests.find(id);
  }

  /** Those that are not at their end, in the order in which they are done. */
  public List<Rebuild> running() {
    return requests.running();
  }

  /** See {@link RebuildRequests#abort}. */
  public boolean abort(UUID id) {
    return requests.abort(id);
  }

  /** To be called when there is something new to do. */
  public void wake() {
    requested.release();
  }

  /**
   * Works on a rebuild until its end, on the caller's thread, and before on those of the same
   * projections that were asked for earlier.
   *
   * @return false when another process does that already, or it has ended
   */
  public boolean work(UUID id) {
    Rebuild rebuild = find(id).orElseThrow();
    if (rebuild.state().isFinal()) {
      return false;
    }
    for (Rebuild earlier : running()) {
      if (earlier.id().equals(id)) {
        break;
      }
      if (!Collections.disjoint(earlier.projections(), rebuild.projections())
          && !workAlone(earlier)
          && !find(earlier.id()).orElseThrow().state().isFinal()) {
        return false;
      }
    }
    return workAlone(rebuild);
  }

  private boolean workAlone(Rebuild rebuild) {
    try (RebuildLock lock = RebuildLock.tryTake(worker.sessions(), rebuild.projections())) {
      if (lock == null || stopped || !isNext(rebuild)) {
        return false;
      }
      List<Projection<?>> wanted = requests.named(rebuild.projections());
      new RebuildJob(worker, events, properties, wanted, rebuild.id(), () -> stopped).run();
      return true;
    }
  }

  /** Two rebuilds of a projection would share its tables. */
  private boolean isNext(Rebuild rebuild) {
    return running().stream()
        .filter(one -> !Collections.disjoint(one.projections(), rebuild.projections()))
        .findFirst()
        .filter(first -> first.id().equals(rebuild.id()))
        .isPresent();
  }

  /** Begins to do what is asked for, here or elsewhere, and what a new version needs. */
  void start() {
    stopped = false;
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
        rebuildOlderVersions();
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

  /** What another rebuild keeps from being begun is asked for again; what failed is not. */
  private void rebuildOlderVersions() {
    List<String> older = properties.onNewVersion() ? olderVersions() : List.of();
    if (!older.isEmpty()) {
      try {
        request(older, null, null);
        log.info("rebuild of a new version begins: projections={}", older);
        renewed.addAll(older);
      } catch (RebuildRejectedException another) {
        log.debug("rebuild of a new version waits: {}", another.getMessage());
      }
    }
  }

  private List<String> olderVersions() {
    Map<String, Integer> versions =
        worker.sql().selectFrom(PROJECTION).fetchMap(PROJECTION.NAME, PROJECTION.VERSION);
    return projections.stream()
        .filter(
            projection ->
                versions.getOrDefault(projection.name(), projection.version())
                    < projection.version())
        .<String>map(Projection::name)
        .filter(name -> !renewed.contains(name))
        .toList();
  }
}
