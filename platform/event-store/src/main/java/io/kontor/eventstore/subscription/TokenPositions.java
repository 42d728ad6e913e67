package io.kontor.eventstore.subscription;

import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/** Places in the order of all events, as Axon's tokens carry them: 0 is before the first event. */
public final class TokenPositions {
  private TokenPositions() {}

  /**
   * @throws IllegalArgumentException when the token was not made by a store of ours
   */
  public static long of(@Nullable TrackingToken token) {
    if (token == null) {
      return 0;
    }
    return token
        .position()
        .orElseThrow(() -> new IllegalArgumentException("not a token of this store: " + token));
  }
}
