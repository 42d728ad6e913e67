package io.kontor.projections.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks something up again and again, for all who wait for it and as long as somebody does, on one
 * thread. It needs neither a start nor an end.
 */
final class Poller {
  private static final Logger log = LoggerFactory.getLogger(Poller.class);

  private final String name;
  private final Duration every;
  private final BooleanSupplier isNeeded;
  private final Runnable look;
  private final AtomicBoolean running = new AtomicBoolean();

  Poller(String name, Duration every, BooleanSupplier isNeeded, Runnable look) {
    this.name = name;
    this.every = every;
    this.isNeeded = isNeeded;
    this.look = look;
  }

  /** To be called once somebody waits. */
  void wake() {
    if (running.compareAndSet(false, true)) {
      Thread.ofVirtual().name(name).start(this::run);
    }
  }

  private void run() {
    try {
      while (isNeeded.getAsBoolean()) {
        lookOnce();
        LockSupport.parkNanos(every.toNanos());
      }
    } finally {
      running.set(false);
    }
    if (isNeeded.getAsBoolean()) {
      wake();
    }
  }

  private void lookOnce() {
    try {
      look.run();
    } catch (RuntimeException e) {
      log.debug("{} failed, will look again: cause={}", name, e.toString());
    }
  }
}
