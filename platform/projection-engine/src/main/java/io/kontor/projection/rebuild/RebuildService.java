package io.kontor.projection.rebuild;

import static io.kontor.projection.tables.Tables.PROJECTION;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.lock.LeaseLock;
import io.kontor.projection.Projection;
import io.kontor.projection.write.ProjectionDatabase;
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
 * Executes rebuilds of projections: requested on any node, executed by one, resumed by another if
 * that one fails.
 */
public final class RebuildService {
  private static final Logger log = LoggerFactory.getLogger(RebuildService.class);
  private static final long POLL_MILLIS = 1_000;

  /** A step interrupted after this time is rolled back and repeated after the next start. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final List<Projection<?>> projections;
  private final Set<String> renewed = new HashSet<>();
  private final RebuildRequests requests;
  private final ProjectionDatabase worker;
  private final EventPageReader events;
  private final RebuildProperties properties;
  private final LeaseLock locks;
  private final Semaphore requested = new Semaphore(0);
  private volatile boolean stopped;
  private @Nullable Thread thread;

  /**
   * @param locks decide which process executes a rebuild
   */
  public RebuildService(
      List<? extends Projection<?>> projections,
      ProjectionDatabase worker,
      EventPageReader events,
      RebuildProperties properties,
      LeaseLock locks) {
    this.projections = List.copyOf(projections);
    this.worker = worker;
    this.events = events;
    this.properties = properties;
    this.locks = locks;
    this.requests =
        new RebuildRequests(
            projections, worker.sql(), worker.transactions(), events::head, properties, this::wake);
  }

  /** Reader of the event table. */
  public EventPageReader events() {
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

  public Optional<Rebuild> find(UUID id) {
    return requests.find(id);
  }

  /** Rebuilds that have not ended, in the order of execution. */
  public List<Rebuild> running() {
    return requests.running();
  }

  /** See {@link RebuildRequests#abort}. */
  public boolean abort(UUID id) {
    return requests.abort(id);
  }

  /** Must be called after a request was stored. */
  public void wake() {
    requested.release();
  }

  /**
   * Executes a rebuild on the caller's thread until its end, after earlier rebuilds of the same
   * projections.
   *
   * @return false if another process executes it or it has ended
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
    try (RebuildLeases leases = RebuildLeases.tryAcquire(locks, rebuild.projections())) {
      if (leases == null || stopped || !isNext(rebuild)) {
        return false;
      }
      List<Projection<?>> wanted = requests.named(rebuild.projections());
      new RebuildJob(worker, events, properties, wanted, rebuild.id(), leases, () -> stopped).run();
      return true;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Rebuilds of the same projection run one after the other: they use the same tables. */
  private boolean isNext(Rebuild rebuild) {
    return running().stream()
        .filter(one -> !Collections.disjoint(one.projections(), rebuild.projections()))
        .findFirst()
        .filter(first -> first.id().equals(rebuild.id()))
        .isPresent();
  }

  /** Starts executing requested rebuilds and those that a new version needs. */
  public void start() {
    stopped = false;
    thread = Thread.ofPlatform().name("rebuild").daemon().start(this::workOnAll);
  }

  /** Stops after the current step. */
  public void stop() {
    stopped = true;
    requested.release();
    if (thread != null) {
      try {
        if (!thread.join(STOP_TIMEOUT)) {
          thread.interrupt();
          thread.join(STOP_TIMEOUT);
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
        if (requested.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          requested.drainPermits();
        }
      } catch (RuntimeException e) {
        log.warn("rebuild interrupted cause={}", e.toString());
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A rebuild rejected because of another one is requested again; a failed one is not. */
  private void rebuildOlderVersions() {
    List<String> older = properties.onNewVersion() ? olderVersions() : List.of();
    if (!older.isEmpty()) {
      try {
        request(older, null, null);
        log.info("rebuild requested for a new version projections={}", older);
        renewed.addAll(older);
      } catch (RebuildRejectedException rejected) {
        log.debug("rebuild for a new version waits cause={}", rejected.getMessage());
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
