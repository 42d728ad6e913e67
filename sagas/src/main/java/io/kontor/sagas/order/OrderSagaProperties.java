package io.kontor.sagas.order;

import io.kontor.resilience.ExponentialBackoff;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

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
 */
@ConfigurationProperties("kontor.orders")
public record OrderSagaProperties(
    @DefaultValue("1m") Duration stepTime,
    @DefaultValue("10m") Duration shippingTime,
    @DefaultValue("10m") Duration undoTime,
    @DefaultValue("7d") Duration holdTime,
    @DefaultValue("1s") Duration firstRetry,
    @DefaultValue("30s") Duration longestRetry,
    @DefaultValue("10") int mostAttempts) {

  /**
   * @throws IllegalArgumentException when a limit is not more than zero
   */
  public OrderSagaProperties {
    if (!stepTime.isPositive()
        || !shippingTime.isPositive()
        || !undoTime.isPositive()
        || !holdTime.isPositive()
        || !firstRetry.isPositive()
        || longestRetry.compareTo(firstRetry) < 0
        || mostAttempts < 1) {
      throw new IllegalArgumentException(
          "kontor.orders: every time and most-attempts must be more than zero, longest-retry at"
              + " least first-retry");
    }
  }

  ExponentialBackoff backoff() {
    return new ExponentialBackoff(firstRetry, longestRetry);
  }
}
