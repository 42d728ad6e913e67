package io.kontor.lock;

import java.time.Duration;
import java.util.Optional;

/** Locks by leases, for processes on any number of machines. */
public interface LeaseLock {
  /** The shortest TTL; a shorter one would be over before it can be extended. */
  Duration MIN_TTL = Duration.ofMillis(100);

  /** The longest TTL: a resource stays leased for so long after its holder's death. */
  Duration MAX_TTL = Duration.ofHours(1);

  /** The longest name of a resource, in characters. */
  int MAX_RESOURCE = 200;

  /**
   * Tries to become the only holder of a resource, again and again with growing pauses.
   *
   * @param resource a name from a bounded set
   * @param ttl how long the lease lasts unless it is extended
   * @param wait how long to try; zero for one attempt
   * @return empty when another process holds it for the whole time
   * @throws LockUnavailableException when the servers that keep the leases can't be reached, up to
   *     the end of the wait
   * @throws InterruptedException when the caller's thread is interrupted while it waits
   */
  Optional<Lease> tryAcquire(String resource, Duration ttl, Duration wait)
      throws InterruptedException;

  /**
   * Works while holding a resource, as long as it takes: the lease is extended until the work ends.
   * If it is lost nevertheless, the work is not interrupted, since it could be anywhere in a step;
   * it finds out by {@link Lease#isValid}, {@link Lease#lost} or a {@code LeaseLostException} of
   * the fence.
   *
   * @return what the work returns
   * @throws LockNotAvailableException when another process holds the resource for all of {@code
   *     wait}
   * @throws E what the work throws
   */
  default <T, E extends Exception> T withLock(
      String resource, Duration ttl, Duration wait, LeasedWork<T, E> work)
      throws E, InterruptedException {
    try (Lease lease =
        tryAcquire(resource, ttl, wait)
            .orElseThrow(() -> new LockNotAvailableException(resource, wait))) {
      lease.keepAlive();
      return work.run(lease);
    }
  }

  /** What is done under a lease. */
  @FunctionalInterface
  interface LeasedWork<T, E extends Exception> {
    T run(Lease lease) throws E;
  }
}
