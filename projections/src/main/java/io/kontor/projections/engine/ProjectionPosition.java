package io.kontor.projections.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far something is known to be, and who waits for it to come further. It only grows, and wakes
 * those alone who have what they wait for.
 */
final class ProjectionPosition {
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeSet<Waiter> waiters =
      new TreeSet<>(Comparator.comparingLong(Waiter::wanted).thenComparingLong(Waiter::number));
  private volatile Runnable wanted;
  private volatile long position;
  private long waited;

  /** One who waits; the number tells two for the same position apart. */
  private record Waiter(long wanted, long number, CompletableFuture<Void> reached) {}

  /**
   * @param wanted is run when somebody begins to wait
   */
  ProjectionPosition(Runnable wanted) {
    this.wanted = wanted;
  }

  ProjectionPosition() {
    this(() -> {});
  }

  /**
   * @param wanted is run when somebody begins to wait
   */
  void onWait(Runnable wanted) {
    this.wanted = wanted;
  }

  long position() {
    return position;
  }

  boolean isWaitedFor() {
    lock.lock();
    try {
      return !waiters.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  void reached(long reached) {
    List<Waiter> woken = new ArrayList<>();
    lock.lock();
    try {
      position = Math.max(position, reached);
      while (!waiters.isEmpty() && waiters.first().wanted() <= position) {
        woken.add(waiters.removeFirst());
      }
    } finally {
      lock.unlock();
    }
    woken.forEach(waiter -> waiter.reached().complete(null));
  }

  /** Waits until the position is reached, for at most so long. */
  boolean await(long position, Duration atMost) {
    if (this.position >= position) {
      return true;
    }
    Waiter waiter = enlist(position);
    try {
      wanted.run();
      waiter.reached().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return this.position >= position;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      leave(waiter);
    }
  }

  private Waiter enlist(long position) {
    lock.lock();
    try {
      var waiter = new Waiter(position, ++waited, new CompletableFuture<>());
      if (this.position >= position) {
        waiter.reached().complete(null);
      } else {
        waiters.add(waiter);
      }
      return waiter;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Waiter waiter) {
    lock.lock();
    try {
      waiters.remove(waiter);
    } finally {
      lock.unlock();
    }
  }
}
