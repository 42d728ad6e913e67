package io.kontor.database.pool;

import io.kontor.database.pool.ConnectionRejectedException.Reason;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections of a pool each share may hold at once, and how many of its callers may wait
 * for one. A share exists while it is used.
 */
final class PoolShares {
  private final int places;
  private final int maxWaiting;
  private final Duration timeout;
  private final ConcurrentHashMap<String, Share> shares = new ConcurrentHashMap<>();

  PoolShares(int places, int maxWaiting, Duration timeout) {
    this.places = places;
    this.maxWaiting = maxWaiting;
    this.timeout = timeout;
  }

  /**
   * Takes a place of a share, in order of arrival.
   *
   * @return gives the place back
   * @throws ConnectionRejectedException when too many wait, or none becomes free in time
   */
  Runnable enter(String name) throws ConnectionRejectedException, InterruptedException {
    Share share =
        shares.compute(name, (_, existing) -> (existing == null ? new Share() : existing).joined());
    boolean entered = false;
    try {
      if (share.callers.get() > places + maxWaiting
          || !share.free.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new ConnectionRejectedException(Reason.SHARE_TAKEN);
      }
      entered = true;
    } finally {
      if (!entered) {
        leave(name);
      }
    }
    return () -> {
      share.free.release();
      leave(name);
    };
  }

  private void leave(String name) {
    shares.computeIfPresent(
        name, (_, share) -> share.callers.decrementAndGet() == 0 ? null : share);
  }

  /** Its callers are counted within the map's operations, so that none joins one that ends. */
  private final class Share {
    private final Semaphore free = new Semaphore(places, true);
    private final AtomicInteger callers = new AtomicInteger();

    Share joined() {
      callers.incrementAndGet();
      return this;
    }
  }
}
