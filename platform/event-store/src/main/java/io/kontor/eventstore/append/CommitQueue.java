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
 * Units of work waiting for the append, in the order of their decisions. When one fails, every
 * later one that touches any of its streams fails too, and these streams accept no decisions until
 * all of them have rolled back.
 */
public final class CommitQueue {
  private final StreamLocks locks;
  private final BooleanSupplier isAway;
  private final int maxUnits;
  private final long maxBytes;
  private final ReentrantLock guard = new ReentrantLock();
  private final Condition notEmpty = guard.newCondition();
  private final ArrayDeque<QueuedAppend> units = new ArrayDeque<>();
  private long bytes;
  private @Nullable String closedFor;

  public CommitQueue(StreamLocks locks, int maxUnits, long maxBytes) {
    this(locks, maxUnits, maxBytes, () -> false);
  }

  /**
   * @param isAway whether the database is known to be away, so that no caller should wait for it
   */
  public CommitQueue(StreamLocks locks, int maxUnits, long maxBytes, BooleanSupplier isAway) {
    this.locks = locks;
    this.isAway = isAway;
    this.maxUnits = maxUnits;
    this.maxBytes = maxBytes;
  }

  /**
   * Queues a unit of work. The caller holds the locks of all streams that it touches.
   *
   * @throws StoreBusyException when the queue is full or closed, or the database is away
   * @throws ConcurrencyException when a unit of work that this one builds on has failed
   */
  public void add(QueuedAppend unit) {
    add(unit, () -> false);
  }

  /**
   * Queues a unit of work, unless one that it builds on has failed since its streams were locked.
   *
   * @throws StoreBusyException when the queue is full or closed, or the database is away
   * @throws ConcurrencyException when a unit of work that this one builds on has failed
   */
  public void add(QueuedAppend unit, BooleanSupplier hasFailedSince) {
    List<StreamLockState> states = unit.touched().stream().map(locks::use).toList();
    boolean added = false;
    guard.lock();
    try {
      if (closedFor != null) {
        throw new StoreBusyException("the event store takes no commands: " + closedFor);
      }
      if (isAway.getAsBoolean()) {
        throw new StoreBusyException("the event store is down");
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
   * The next units of work to write, at least one, within both limits; empty once closed and
   * drained.
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

  /** The units of work are durable: completes their callers. */
  void succeeded(List<QueuedAppend> written) {
    guard.lock();
    try {
      written.forEach(unit -> forget(unit, false));
    } finally {
      guard.unlock();
    }
  }

  /**
   * Fails a unit of work and all that build on it, in {@code later} (the same batch) and in the
   * queue.
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

  /** A failed unit of work has rolled back and its streams are evicted from the cache. */
  void rolledBack(QueuedAppend unit) {
    for (String stream : unit.touched()) {
      StreamLockState state = locks.use(stream);
      state.failing.decrementAndGet();
      synchronized (state) {
        state.notifyAll();
      }
      locks.leave(state);
      locks.leave(state); // the use by the failed unit of work
    }
  }

  /** Fails a batch and everything queued behind it. */
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

  /** The number of queued units of work. */
  public int size() {
    guard.lock();
    try {
      return units.size();
    } finally {
      guard.unlock();
    }
  }

  /** Accepts no more, with the first reason given; queued units of work are still handed out. */
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

  /**
   * Whether a unit of work builds on a failed one. If it changed nothing, no other one builds on
   * it.
   */
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
        locks.leave(state); // the use by this unit of work
      }
      locks.leave(state);
    }
  }

  private static ConcurrencyException builtOnFailure() {
    return new ConcurrencyException("decided on a state that did not become durable");
  }
}
