package io.kontor.eventstore;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the event store.
 *
 * @param maxQueuedCommands commands that may wait for the append before more are rejected with 503
 *     {@code store-busy}
 * @param maxQueuedBytes bytes of events that may wait for the append before more are rejected with
 *     503 {@code store-busy}
 * @param commandTimeout timeout of a command while the database is unreachable; after half of it a
 *     connection that does not respond is replaced
 * @param cacheSize memory for cached aggregates, by an estimate of what each takes
 * @param feedSize bytes of new events, in their stored form, that are kept in memory for event
 *     processors (32,768 events at most); a processor further behind reads the table
 * @param snapshotEvery events of a stream between two snapshots
 */
@ConfigurationProperties("kontor.event-store")
@Validated
public record EventStoreProperties(
    @DefaultValue("20000") @Min(1) int maxQueuedCommands,
    @DefaultValue("64MB") DataSize maxQueuedBytes,
    @DefaultValue("10s") @DurationMin(seconds = 0) Duration commandTimeout,
    @DefaultValue("256MB") DataSize cacheSize,
    @DefaultValue("32MB") DataSize feedSize,
    @DefaultValue("100") @Min(1) int snapshotEvery) {

  /**
   * @throws InvalidConfigurationPropertyValueException when a size is negative
   */
  public EventStoreProperties {
    requireSize("max-queued-bytes", maxQueuedBytes);
    requireSize("cache-size", cacheSize);
    requireSize("feed-size", feedSize);
  }

  private static void requireSize(String name, DataSize size) {
    if (size.isNegative()) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.event-store." + name, size, "must be a size such as 64MB");
    }
  }
}
