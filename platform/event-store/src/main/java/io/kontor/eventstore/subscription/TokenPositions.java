package io.kontor.eventstore.subscription;

import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/** Converts Axon's tokens to store positions: 0 is before the first event. */
public final class TokenPositions {
  private TokenPositions() {}

  /**
   * @throws IllegalArgumentException when the token has another type
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
