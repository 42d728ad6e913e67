package io.kontor.eventstore;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of the event store.
 *
 * @param maxQueuedCommands commands that may wait for the append before more are rejected
 * @param maxQueuedBytes bytes of events that may wait for the append
 * @param patience timeout of a command while the database is unreachable
 * @param cacheSize memory for cached aggregates
 * @param feedSize bytes of new events, in their stored form, that are kept for event processors
 * @param snapshotEvery events of a stream between two snapshots
 */
@ConfigurationProperties("kontor.event-store")
public record EventStoreProperties(
    @DefaultValue("20000") int maxQueuedCommands,
    @DefaultValue("64MB") DataSize maxQueuedBytes,
    @DefaultValue("10s") Duration patience,
    @DefaultValue("256MB") DataSize cacheSize,
    @DefaultValue("32MB") DataSize feedSize,
    @DefaultValue("100") int snapshotEvery) {

  /**
   * @throws IllegalArgumentException when a limit is not positive
   */
  public EventStoreProperties {
    if (maxQueuedCommands < 1 || snapshotEvery < 1 || patience.isNegative()) {
      throw new IllegalArgumentException(
          "kontor.event-store: max-queued-commands and snapshot-every must be at least 1, patience"
              + " must not be negative");
    }
  }
}
