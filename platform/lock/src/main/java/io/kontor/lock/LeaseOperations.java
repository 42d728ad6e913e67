package io.kontor.lock;

import java.time.Duration;

/** What the servers that keep the leases do for a holder. */
public interface LeaseOperations {

  /**
   * Extends the lease if it still belongs to the token.
   *
   * @return whether it does
   * @throws LockUnavailableException when the outcome is unknown
   */
  boolean extend(String resource, String token, Duration ttl);

  /**
   * Ends the lease if it still belongs to the token.
   *
   * @return whether it did
   * @throws LockUnavailableException when the outcome is unknown
   */
  boolean release(String resource, String token);
}
