package io.kontor.sagas.order;

import io.github.resilience4j.core.IntervalFunction;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.validation.annotation.Validated;

/**
 * Timeouts and retries of the order saga.
 *
 * @param stepTime how long a step inside the bank may take, retries included
 * @param shippingTime how long the carrier may take to accept a shipment
 * @param undoTime how long compensating a step may take before it needs manual review
 * @param holdTime how long the money is held at most, if everything else fails
 * @param firstRetry the pause after a first failure, which doubles with each further one
 * @param longestRetry the longest pause
 * @param mostAttempts how often a step is tried at most
 * @param concurrency how many orders are acted on at the same time at most, on each node
 */
@ConfigurationProperties("kontor.orders")
@Validated
public record OrderSagaProperties(
    @DefaultValue("1m") @DurationMin(millis = 1) Duration stepTime,
    @DefaultValue("10m") @DurationMin(millis = 1) Duration shippingTime,
    @DefaultValue("10m") @DurationMin(millis = 1) Duration undoTime,
    @DefaultValue("7d") @DurationMin(millis = 1) Duration holdTime,
    @DefaultValue("1s") @DurationMin(millis = 1) Duration firstRetry,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration longestRetry,
    @DefaultValue("10") @Min(1) int mostAttempts,
    @DefaultValue("256") @Min(1) int concurrency) {

  /**
   * @throws InvalidConfigurationPropertyValueException when the longest pause is shorter than the
   *     first
   */
  public OrderSagaProperties {
    if (longestRetry.compareTo(firstRetry) < 0) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.orders.longest-retry", longestRetry, "must be at least first-retry");
    }
  }

  IntervalFunction backoff() {
    return IntervalFunction.ofExponentialBackoff(firstRetry, 2, longestRetry);
  }
}
