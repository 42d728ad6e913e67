package io.kontor.eventstore.subscription;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;

/**
 * How soon a node takes over event processors of a failed node: after the claim timeout plus the
 * interval between two attempts. A live node extends its claims every two or three seconds while
 * idle, and with each batch.
 */
public final class TokenClaimSettings {
  public static final Duration LAPSE_AFTER = Duration.ofSeconds(6);
  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(2);

  private TokenClaimSettings() {}

  /** A configuration with the given interval between attempts to claim. */
  public static TrackingEventProcessorConfiguration sought(
      TrackingEventProcessorConfiguration settings) {
    return settings.andTokenClaimInterval(LOOKED_AT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }
}
