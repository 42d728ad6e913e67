package io.kontor.projection.live;

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
 * The last known position of a projection, and threads that wait for a later one. The position only
 * grows; a waiter is woken only when its position is reached.
 */
final class ProjectionPosition {
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeSet<Waiter> waiters =
      new TreeSet<>(Comparator.comparingLong(Waiter::wanted).thenComparingLong(Waiter::number));
  private volatile Runnable wanted;
  private volatile long position;
  private long lastNumber;

  /** A waiting thread; the number distinguishes waiters for the same position. */
  private record Waiter(long wanted, long number, CompletableFuture<Void> reached) {}

  /**
   * @param wanted runs when a thread begins to wait
   */
  ProjectionPosition(Runnable wanted) {
    this.wanted = wanted;
  }

  ProjectionPosition() {
    this(() -> {});
  }

  /**
   * @param wanted runs when a thread begins to wait
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

  /** Waits until the position is reached or the timeout expires. */
  boolean await(long position, Duration timeout) {
    if (this.position >= position) {
      return true;
    }
    Waiter waiter = addWaiter(position);
    try {
      wanted.run();
      waiter.reached().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return this.position >= position;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      removeWaiter(waiter);
    }
  }

  private Waiter addWaiter(long position) {
    lock.lock();
    try {
      var waiter = new Waiter(position, ++lastNumber, new CompletableFuture<>());
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

  private void removeWaiter(Waiter waiter) {
    lock.lock();
    try {
      waiters.remove(waiter);
    } finally {
      lock.unlock();
    }
  }
}
