package io.kontor.projection.live;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of projections.
 *
 * @param batchSize events per transaction at most
 * @param backoff pause before each retry of an event that a projection failed on; after the last
 *     one it becomes a dead letter
 */
@ConfigurationProperties("kontor.projections")
@Validated
public record ProjectionProperties(
    @DefaultValue("2000") @Min(1) @Max(100_000) int batchSize,
    @DefaultValue({"50ms", "100ms", "200ms"}) List<@DurationMin(seconds = 0) Duration> backoff) {

  public ProjectionProperties {
    backoff = List.copyOf(backoff);
  }
}
