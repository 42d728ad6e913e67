package io.kontor.projection.live;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.projection.BackgroundThread;
import io.kontor.projection.Projection;
import io.kontor.projection.write.PageProjector;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projection.write.ProjectorGroup;
import io.kontor.projection.write.ReadModelChange;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.axonframework.common.transaction.TransactionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings projections that are behind the others forward, on its own thread and from the event
 * table, each in its own transaction: one that was added, was swapped or fails on an event. Once it
 * is level, the next batch of all takes it along again.
 */
final class CatchUp {
  private static final Logger log = LoggerFactory.getLogger(CatchUp.class);
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LOCKED_PAUSE = Duration.ofMillis(20);

  private final Map<String, PageProjector> projectors = new LinkedHashMap<>();
  private final ProjectorGroup group;
  private final TransactionManager transactions;
  private final int batchSize;
  private final LongSupplier level;
  private final Reached reached;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Semaphore woken = new Semaphore(0);
  private final BackgroundThread thread = new BackgroundThread("projection-catch-up", this::run);

  /** Receives a projection's change after a commit. */
  interface Reached {
    void accept(ReadModelChange change);
  }

  /**
   * @param level the position of the others; 0 while another node projects
   */
  CatchUp(
      List<? extends Projection<?>> projections,
      ProjectorGroup group,
      ProjectionDatabase worker,
      EventPageReader events,
      int batchSize,
      LongSupplier level,
      Reached reached) {
    projections.forEach(
        projection ->
            projectors.put(projection.name(), new PageProjector(projection, worker, events)));
    this.group = group;
    this.transactions = worker.transactions();
    this.batchSize = batchSize;
    this.level = level;
    this.reached = reached;
  }

  void start() {
    thread.start();
  }

  /** Stops the thread and waits some seconds for it; an unfinished page is rolled back. */
  void stop() {
    thread.stop();
  }

  /** Must be called when a projection was left behind. */
  void wake() {
    woken.release();
  }

  /** The projections whose last attempt failed. */
  Set<String> failing() {
    return Set.copyOf(failing);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Duration pause = step();
        if (pause.isPositive()) {
          var _ = woken.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
          woken.drainPermits();
        }
      }
    } catch (InterruptedException stopping) {
      // the end
    }
  }

  /** A page of each projection that is behind; returns how long to wait for the next step. */
  private Duration step() {
    try {
      long target = level.getAsLong();
      Set<String> behind = group.before(target);
      failing.retainAll(behind);
      boolean advanced = false;
      for (String projection : behind) {
        advanced |= isAdvanced(projection, target);
      }
      if (advanced) {
        return Duration.ZERO;
      }
      return failing.size() < behind.size() ? LOCKED_PAUSE : POLL_INTERVAL;
    } catch (RuntimeException e) {
      log.warn("catch-up look-up failed cause={}", e.toString());
      return POLL_INTERVAL;
    }
  }

  /** Whether a page was projected, and not the projection locked or the database unavailable. */
  private boolean isAdvanced(String projection, long target) {
    try {
      Optional<ReadModelChange> change =
          transactions.fetchInTransaction(() -> projector(projection).change(target, batchSize));
      change.ifPresent(reached::accept);
      failing.remove(projection);
      return change.isPresent();
    } catch (RuntimeException e) {
      if (failing.add(projection)) {
        log.warn(
            "catch-up failed, to be repeated: projection={} cause={}", projection, e.toString());
      }
      return false;
    }
  }

  private PageProjector projector(String projection) {
    return Objects.requireNonNull(projectors.get(projection));
  }
}
