package io.kontor.projections.engine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far one projection is known to be; it only grows. */
final class Progress {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private volatile long position;

  long position() {
    return position;
  }

  void reached(long reached) {
    lock.lock();
    try {
      if (reached > position) {
        position = reached;
        grown.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the position is reached, for at most so long. */
  boolean await(long wanted, Duration atMost) {
    if (position >= wanted) {
      return true;
    }
    lock.lock();
    try {
      long nanos = atMost.toNanos();
      while (position < wanted && nanos > 0) {
        nanos = grown.awaitNanos(nanos);
      }
      return position >= wanted;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
