package io.kontor.eventstore;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much the event store takes at once.
 *
 * @param maxQueuedCommands commands that may wait for the disk before more are refused
 * @param maxQueuedBytes bytes of events that may wait likewise
 * @param patience how long a command waits for a lost database
 * @param cacheSize how much memory aggregates at hand may take
 * @param feedSize how many bytes of new events, as they are stored, are kept for event processors
 * @param snapshotEvery after how many events of a stream a snapshot is taken
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
   * @throws IllegalArgumentException when a bound is not positive
   */
  public EventStoreProperties {
    if (maxQueuedCommands < 1 || snapshotEvery < 1 || patience.isNegative()) {
      throw new IllegalArgumentException(
          "kontor.event-store: max-queued-commands and snapshot-every must be at least 1, patience"
              + " must not be negative");
    }
  }
}
