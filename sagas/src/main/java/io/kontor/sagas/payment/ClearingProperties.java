package io.kontor.sagas.payment;

import io.kontor.resilience.ExponentialBackoff;
import io.kontor.resilience.HttpClientSettings;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Connection to the clearing house.
 *
 * @param url its base URL; without one every payment ends in manual review (profile {@code
 *     embedded} starts a simulator)
 * @param token sent as a bearer token; none, when null
 * @param timeout for one call
 * @param concurrency concurrent calls at most
 * @param openFor how long no call is made after too many failed
 * @param firstRetry the pause after a first failure, which doubles with each further one
 * @param longestRetry the longest pause
 * @param accountWithin how long placing or booking the hold is retried before manual review
 * @param submitWithin how long a submission is retried before manual review
 * @param answerWithin how long after a submission the clearing house is first asked for the outcome
 * @param giveUpAfter how long after that inquiry manual review begins
 */
@ConfigurationProperties("kontor.clearing")
public record ClearingProperties(
    @Nullable URI url,
    @Nullable String token,
    @DefaultValue("2s") Duration timeout,
    @DefaultValue("32") int concurrency,
    @DefaultValue("5s") Duration openFor,
    @DefaultValue("1s") Duration firstRetry,
    @DefaultValue("30s") Duration longestRetry,
    @DefaultValue("1h") Duration accountWithin,
    @DefaultValue("1h") Duration submitWithin,
    @DefaultValue("1h") Duration answerWithin,
    @DefaultValue("24h") Duration giveUpAfter) {

  /**
   * @throws IllegalArgumentException when a limit is not more than zero
   */
  public ClearingProperties {
    if (!timeout.isPositive()
        || concurrency < 1
        || !openFor.isPositive()
        || !firstRetry.isPositive()
        || longestRetry.compareTo(firstRetry) < 0
        || !accountWithin.isPositive()
        || !submitWithin.isPositive()
        || !answerWithin.isPositive()
        || !giveUpAfter.isPositive()) {
      throw new IllegalArgumentException(
          "kontor.clearing: every time and concurrency must be more than zero, longest-retry at"
              + " least first-retry");
    }
  }

  public HttpClientSettings remote(URI at) {
    return new HttpClientSettings("clearing", at, token, timeout, concurrency, openFor);
  }

  ExponentialBackoff backoff() {
    return new ExponentialBackoff(firstRetry, longestRetry);
  }
}
