package io.kontor.projection.live;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of projections.
 *
 * @param batchSize events per transaction at most
 * @param backoff pause before each retry of a failed event, until it becomes a dead letter
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
