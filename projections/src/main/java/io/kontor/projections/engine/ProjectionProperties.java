package io.kontor.projections.engine;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How projections run.
 *
 * @param batchSize how many events go into one transaction at most
 * @param backoff how long to wait before each retry of an event that fails, before it is parked
 */
@ConfigurationProperties("kontor.projections")
public record ProjectionProperties(
    @DefaultValue("2000") int batchSize,
    @DefaultValue({"50ms", "100ms", "200ms"}) List<Duration> backoff) {

  public ProjectionProperties {
    if (batchSize < 1 || batchSize > 100_000) {
      throw new IllegalArgumentException("kontor.projections.batch-size is 1 to 100000");
    }
    backoff = List.copyOf(backoff);
  }
}
