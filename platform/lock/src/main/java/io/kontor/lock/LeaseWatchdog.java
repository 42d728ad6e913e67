package io.kontor.lock;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Extends a lease until it is released, which interrupts this, or lost. */
final class LeaseWatchdog {
  private static final Logger log = LoggerFactory.getLogger(LeaseWatchdog.class);

  private final Lease lease;

  LeaseWatchdog(Lease lease) {
    this.lease = lease;
  }

  void run() {
    Duration pause = lease.ttl().dividedBy(3);
    try {
      while (lease.isValid()) {
        TimeUnit.NANOSECONDS.sleep(Math.min(pause.toNanos(), lease.validity().toNanos()));
        boolean extended = lease.isValid() && extend();
        pause = lease.ttl().dividedBy(extended ? 3 : 10);
      }
      lease.lose();
    } catch (InterruptedException released) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a server that does not respond only as long as the lease lasts. */
  private boolean extend() throws InterruptedException {
    var extension = new FutureTask<>(lease::extend);
    Thread.ofVirtual().name("lease-extension").start(extension);
    try {
      return extension.get(lease.validity().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException silent) {
      return false;
    } catch (ExecutionException failed) {
      log.warn(
          "lease extension failed resource={} cause={}",
          lease.resource(),
          String.valueOf(failed.getCause()));
      return false;
    }
  }
}
