package io.kontor.lock;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Repeats attempts to acquire with pauses that double, half of each by chance. */
public final class AcquisitionRetry {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(8);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(512);

  private AcquisitionRetry() {}

  /** An attempt that does not wait. */
  @FunctionalInterface
  public interface Attempt {
    /**
     * @param left of the wait; not positive if the caller does not wait at all
     * @throws LockUnavailableException when the servers can't be reached
     */
    Optional<Lease> acquire(Duration left);
  }

  /**
   * Checks what was asked for and tries until it succeeds or the time is over.
   *
   * @throws LockUnavailableException when the servers can't be reached at the last attempt
   * @throws IllegalArgumentException for a name, TTL or wait that is out of bounds
   */
  public static Optional<Lease> within(
      Duration wait, String resource, Duration ttl, Attempt attempt) throws InterruptedException {
    require(resource, ttl, wait);
    long end = System.nanoTime() + wait.toNanos();
    long pause = FIRST_PAUSE.toNanos();
    while (true) {
      Optional<Lease> lease = Optional.empty();
      @Nullable LockUnavailableException silence = null;
      try {
        lease = attempt.acquire(Duration.ofNanos(end - System.nanoTime()));
      } catch (LockUnavailableException unreachable) {
        silence = unreachable;
      }
      long left = end - System.nanoTime();
      if (lease.isPresent() || left < FIRST_PAUSE.toNanos()) {
        if (silence != null) {
          throw silence;
        }
        return lease;
      }
      long jittered = ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
      // Leaves some of the wait for the attempt that follows.
      TimeUnit.NANOSECONDS.sleep(Math.min(left * 3 / 4, jittered));
      pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
    }
  }

  private static void require(String resource, Duration ttl, Duration wait) {
    if (resource.isBlank() || resource.length() > LeaseLock.MAX_RESOURCE) {
      throw new IllegalArgumentException(
          "a resource's name has 1 to %d characters".formatted(LeaseLock.MAX_RESOURCE));
    }
    if (ttl.compareTo(LeaseLock.MIN_TTL) < 0 || ttl.compareTo(LeaseLock.MAX_TTL) > 0) {
      throw new IllegalArgumentException(
          "a TTL is between %s and %s, not %s"
              .formatted(LeaseLock.MIN_TTL, LeaseLock.MAX_TTL, ttl));
    }
    if (wait.isNegative()) {
      throw new IllegalArgumentException("a wait is not negative: " + wait);
    }
  }
}
