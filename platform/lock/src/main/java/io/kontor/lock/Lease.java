package io.kontor.lock;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to use a resource alone until its validity ends. A process can be paused at any point
 * and go on after that end without noticing. So validity helps to stop in time, and what is written
 * under a lease must be protected by its fencing number. Thread-safe.
 */
public final class Lease implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Lease.class);

  /** The holder's clock may run slower than the server's by a hundredth. */
  private static final long DRIFT_SHARE = 100;

  private static final Duration DRIFT_LEAST = Duration.ofMillis(2);

  private final String resource;
  private final String token;
  private final OptionalLong fencingNumber;
  private final Duration ttl;
  private final LeaseOperations operations;
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private volatile long validUntilNanos;
  private volatile boolean released;
  private @Nullable Thread watchdog;

  /**
   * @param token known to the holder only
   * @param fencingNumber greater than that of every earlier lease on the resource; empty when the
   *     servers can't promise that
   * @param requestedNanos {@link System#nanoTime} before the lease was requested: the time that the
   *     request took counts as part of the TTL
   */
  public Lease(
      String resource,
      String token,
      OptionalLong fencingNumber,
      Duration ttl,
      long requestedNanos,
      LeaseOperations operations) {
    this.resource = resource;
    this.token = token;
    this.fencingNumber = fencingNumber;
    this.ttl = ttl;
    this.operations = operations;
    this.validUntilNanos = validUntil(requestedNanos);
  }

  private long validUntil(long requestedNanos) {
    long drift = ttl.toNanos() / DRIFT_SHARE + DRIFT_LEAST.toNanos();
    return requestedNanos + ttl.toNanos() - drift;
  }

  public String resource() {
    return resource;
  }

  /** Known to the holder only: who has it can extend and release the lease. */
  public String token() {
    return token;
  }

  /**
   * Greater than that of every earlier lease on the resource. Empty when the servers that keep the
   * leases can't promise that; such a lease must not protect anything that is written.
   */
  public OptionalLong fencingNumber() {
    return fencingNumber;
  }

  /** The time that is left by this process's clock; zero when the lease is over. */
  public Duration validity() {
    long left = validUntilNanos - System.nanoTime();
    return released || lost.isDone() || left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
  }

  /** Whether the lease is not over yet by this process's clock. */
  public boolean isValid() {
    return validity().isPositive();
  }

  Duration ttl() {
    return ttl;
  }

  /**
   * Lets the lease last for its TTL from now on, unless it is over.
   *
   * @return whether it is held; if not, it is lost for good
   * @throws LockUnavailableException when the servers can't be reached; it can be tried again
   */
  public boolean extend() {
    long requested = System.nanoTime();
    if (isValid() && operations.extend(resource, token, ttl)) {
      validUntilNanos = validUntil(requested);
      // A response that arrived too late is worth nothing.
      if (isValid()) {
        return true;
      }
    }
    lose();
    return false;
  }

  /**
   * Extends the lease at each third of its TTL until it is released or lost. To be called once.
   *
   * @return see {@link #lost()}
   */
  public synchronized CompletionStage<Void> keepAlive() {
    if (watchdog != null) {
      throw new IllegalStateException("the lease on %s is kept alive already".formatted(resource));
    }
    watchdog = Thread.ofVirtual().name("lease-" + resource).start(new LeaseWatchdog(this)::run);
    return lost();
  }

  /**
   * Completes when the lease is found to be lost: at the latest at the end of its validity while it
   * is kept alive, otherwise when {@link #extend} fails. Never completes for a lease that was
   * released before. What depends on it runs on the watchdog's thread.
   */
  public CompletionStage<Void> lost() {
    return lost.minimalCompletionStage();
  }

  void lose() {
    if (!released && lost.complete(null)) {
      log.warn("lease lost resource={} fence={}", resource, fencingNumber.orElse(0));
    }
  }

  /**
   * Ends the lease, so that others can acquire the resource at once.
   *
   * @return whether it was still held; false also when the servers can't be reached, then it ends
   *     by its TTL
   */
  public boolean release() {
    synchronized (this) {
      if (released) {
        return false;
      }
      released = true;
      if (watchdog != null) {
        watchdog.interrupt();
      }
    }
    try {
      return operations.release(resource, token);
    } catch (LockUnavailableException unreachable) {
      log.warn("lease not released resource={} cause={}", resource, unreachable.getMessage());
      return false;
    }
  }

  /** Releases the lease, if it is still held. */
  @Override
  public void close() {
    release();
  }
}
