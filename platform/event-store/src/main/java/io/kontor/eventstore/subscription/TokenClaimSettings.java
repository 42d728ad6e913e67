package io.kontor.eventstore.subscription;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;

/**
 * How soon a node takes over the event processors of another: after its last sign of life, a claim
 * lapses, and is found to have lapsed at the next look. A living node renews its claims every
 * second while there is nothing to do, and with each batch.
 */
public final class TokenClaimSettings {
  public static final Duration LAPSE_AFTER = Duration.ofSeconds(6);
  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(2);

  private TokenClaimSettings() {}

  /** The settings with a claim sought that often. */
  public static TrackingEventProcessorConfiguration sought(
      TrackingEventProcessorConfiguration settings) {
    return settings.andTokenClaimInterval(LOOKED_AT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }
}
