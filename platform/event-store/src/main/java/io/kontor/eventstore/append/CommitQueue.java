package io.kontor.eventstore.append;

import io.kontor.eventstore.event.StoreBusyException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * Units on their way to disk, in the order in which they were decided. When one fails, every later
 * one that touches any of its streams fails with it, and their streams are closed to new decisions
 * until all of them have rolled back.
 */
public final class CommitQueue {
  private final StreamLocks locks;
  private final int maxUnits;
  private final long maxBytes;
  private final ReentrantLock guard = new ReentrantLock();
  private final Condition notEmpty = guard.newCondition();
  private final ArrayDeque<QueuedAppend> units = new ArrayDeque<>();
  private long bytes;
  private @Nullable String closedFor;

  public CommitQueue(StreamLocks locks, int maxUnits, long maxBytes) {
    this.locks = locks;
    this.maxUnits = maxUnits;
    this.maxBytes = maxBytes;
  }

  /**
   * Queues a unit. The caller holds the locks of all streams that the unit touches.
   *
   * @throws StoreBusyException when the queue is full or closed
   * @throws ConcurrencyException when the unit was decided on a state that has failed meanwhile
   */
  public void add(QueuedAppend unit) {
    add(unit, () -> false);
  }

  /**
   * Queues a unit, unless what it was decided on has failed since its streams were locked.
   *
   * @throws StoreBusyException when the queue is full or closed
   * @throws ConcurrencyException when the unit was decided on a state that has failed meanwhile
   */
  public void add(QueuedAppend unit, BooleanSupplier hasFailedSince) {
    List<StreamLockState> states = unit.touched().stream().map(locks::use).toList();
    boolean added = false;
    guard.lock();
    try {
      if (closedFor != null) {
        throw new StoreBusyException("the event store takes no commands: " + closedFor);
      }
      if (units.size() >= maxUnits || bytes + unit.bytes() > maxBytes) {
        throw new StoreBusyException("the event store has no room for more commands right now");
      }
      if (states.stream().anyMatch(state -> state.failing.get() > 0)
          || hasFailedSince.getAsBoolean()) {
        throw builtOnFailure();
      }
      for (StreamLockState state : states) {
        state.queued.add(unit);
      }
      units.add(unit);
      bytes += unit.bytes();
      added = true;
      notEmpty.signal();
    } finally {
      guard.unlock();
      if (!added) {
        states.forEach(locks::leave);
      }
    }
  }

  /**
   * The next units to write, within both bounds but at least one; empty once closed and drained.
   */
  List<QueuedAppend> take(int maxRows, long maxBatchBytes) throws InterruptedException {
    guard.lock();
    try {
      while (units.isEmpty()) {
        if (closedFor != null) {
          return List.of();
        }
        notEmpty.await();
      }
      var batch = new ArrayList<QueuedAppend>();
      int rows = 0;
      long size = 0;
      for (QueuedAppend next = units.peek(); next != null; next = units.peek()) {
        rows += Math.max(1, next.rows().size());
        size += next.bytes();
        if (!batch.isEmpty() && (rows > maxRows || size > maxBatchBytes)) {
          break;
        }
        batch.add(units.remove());
        bytes -= next.bytes();
      }
      return batch;
    } finally {
      guard.unlock();
    }
  }

  /** The units are on disk, and their callers may be answered. */
  void succeeded(List<QueuedAppend> written) {
    guard.lock();
    try {
      written.forEach(unit -> forget(unit, false));
    } finally {
      guard.unlock();
    }
  }

  /**
   * The unit failed: fails all that was built on it, among {@code later} (of the same batch) and in
   * the queue.
   */
  void failed(QueuedAppend unit, RuntimeException cause, List<QueuedAppend> later) {
    var failed = new ArrayList<QueuedAppend>();
    guard.lock();
    try {
      Set<String> lost = new HashSet<>(unit.rows().isEmpty() ? Set.of() : unit.touched());
      forget(unit, true);
      for (QueuedAppend next : later) {
        if (buildsOn(next, lost)) {
          failed.add(next);
          forget(next, true);
        }
      }
      for (Iterator<QueuedAppend> waiting = units.iterator(); waiting.hasNext(); ) {
        QueuedAppend next = waiting.next();
        if (buildsOn(next, lost)) {
          waiting.remove();
          bytes -= next.bytes();
          failed.add(next);
          forget(next, true);
        }
      }
    } finally {
      guard.unlock();
    }
    unit.durable().completeExceptionally(cause);
    failed.forEach(next -> next.durable().completeExceptionally(builtOnFailure()));
  }

  /** A failed unit has rolled back and the cache has let go of its streams. */
  void rolledBack(QueuedAppend unit) {
    for (String stream : unit.touched()) {
      StreamLockState state = locks.use(stream);
      state.failing.decrementAndGet();
      synchronized (state) {
        state.notifyAll();
      }
      locks.leave(state);
      locks.leave(state); // the failed unit's own use
    }
  }

  /** Fails a batch and everything that is queued behind it. */
  void failAll(List<QueuedAppend> batch, Supplier<? extends RuntimeException> cause) {
    var failed = new ArrayList<QueuedAppend>();
    guard.lock();
    try {
      batch.stream().filter(unit -> !unit.durable().isDone()).forEach(failed::add);
      failed.addAll(units);
      units.clear();
      bytes = 0;
      failed.forEach(unit -> forget(unit, true));
    } finally {
      guard.unlock();
    }
    failed.forEach(unit -> unit.durable().completeExceptionally(cause.get()));
  }

  /** How many units wait. */
  public int size() {
    guard.lock();
    try {
      return units.size();
    } finally {
      guard.unlock();
    }
  }

  /** Takes no more, for the first reason given; what is queued is still handed out. */
  void close(String reason) {
    guard.lock();
    try {
      if (closedFor == null) {
        closedFor = reason;
      }
      notEmpty.signalAll();
    } finally {
      guard.unlock();
    }
  }

  /** A decision that changed nothing takes nobody with it when it fails. */
  private static boolean buildsOn(QueuedAppend unit, Set<String> lost) {
    boolean builds = unit.touched().stream().anyMatch(lost::contains);
    if (builds && !unit.rows().isEmpty()) {
      lost.addAll(unit.touched());
    }
    return builds;
  }

  private void forget(QueuedAppend unit, boolean failing) {
    for (String stream : unit.touched()) {
      StreamLockState state = locks.use(stream);
      state.queued.removeFirstOccurrence(unit);
      if (failing) {
        state.failing.incrementAndGet();
        state.failures.incrementAndGet();
      } else {
        locks.leave(state); // the unit's own use
      }
      locks.leave(state);
    }
  }

  private static ConcurrencyException builtOnFailure() {
    return new ConcurrencyException("decided on a state that did not become durable");
  }
}
