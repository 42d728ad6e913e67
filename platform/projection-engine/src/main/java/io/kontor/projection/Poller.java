package io.kontor.projection;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls on one virtual thread as long as there are waiters. Needs no start or stop. */
public final class Poller {
  private static final Logger log = LoggerFactory.getLogger(Poller.class);

  private final String name;
  private final Duration interval;
  private final BooleanSupplier isNeeded;
  private final Runnable poll;
  private final AtomicBoolean running = new AtomicBoolean();

  /**
   * @param name of the thread
   * @param isNeeded whether there are waiters
   */
  public Poller(String name, Duration interval, BooleanSupplier isNeeded, Runnable poll) {
    this.name = name;
    this.interval = interval;
    this.isNeeded = isNeeded;
    this.poll = poll;
  }

  /** Must be called after a waiter was added. */
  public void wake() {
    if (running.compareAndSet(false, true)) {
      Thread.ofVirtual().name(name).start(this::run);
    }
  }

  private void run() {
    try {
      while (isNeeded.getAsBoolean()) {
        pollOnce();
        LockSupport.parkNanos(interval.toNanos());
      }
    } finally {
      running.set(false);
    }
    if (isNeeded.getAsBoolean()) {
      wake();
    }
  }

  private void pollOnce() {
    try {
      poll.run();
    } catch (RuntimeException e) {
      log.debug("poll failed name={} cause={}", name, e.toString());
    }
  }
}
