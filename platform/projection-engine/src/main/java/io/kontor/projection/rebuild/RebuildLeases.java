package io.kontor.projection.rebuild;

import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLock;
import io.kontor.lock.postgres.Fence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The leases of the process that executes a rebuild, one a projection. Another process takes over
 * when they are released, or at the end of their TTL when this one dies, freezes or loses its
 * network.
 */
final class RebuildLeases implements AutoCloseable {
  private static final Duration TTL = Duration.ofSeconds(10);

  private final List<Lease> leases = new ArrayList<>();

  /** Leases some projections; null if another process holds one of them. */
  static @Nullable RebuildLeases tryAcquire(LeaseLock locks, List<String> projections)
      throws InterruptedException {
    var held = new RebuildLeases();
    try {
      for (String projection : projections.stream().sorted().toList()) {
        Optional<Lease> lease = locks.tryAcquire("rebuild/" + projection, TTL, Duration.ZERO);
        if (lease.isEmpty()) {
          held.close();
          return null;
        }
        held.leases.add(lease.get());
        lease.get().keepAlive();
      }
      return held;
    } catch (RuntimeException | InterruptedException failed) {
      held.close();
      throw failed;
    }
  }

  /** Whether none of them is over, by this process's clock. */
  boolean areValid() {
    return leases.stream().allMatch(Lease::isValid);
  }

  /**
   * Checks them in the caller's transaction.
   *
   * @throws io.kontor.lock.LeaseLostException when one of them is over
   */
  void check(DSLContext sql) {
    sql.connection(connection -> Fence.check(connection, leases));
  }

  @Override
  public void close() {
    leases.forEach(Lease::close);
  }
}
