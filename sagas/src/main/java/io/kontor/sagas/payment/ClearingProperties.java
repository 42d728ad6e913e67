package io.kontor.sagas.payment;

import io.github.resilience4j.core.IntervalFunction;
import io.kontor.httpclient.HttpClientSettings;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.validation.annotation.Validated;

/**
 * Connection to the clearing house.
 *
 * @param url what its paths ({@code /payments/...}) are appended to; without one every payment ends
 *     in manual review (profile {@code embedded} starts a simulator)
 * @param token sent as a bearer token; none, when it is not set
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
@Validated
public record ClearingProperties(
    @Nullable URI url,
    @Nullable String token,
    @DefaultValue("2s") @DurationMin(millis = 1) Duration timeout,
    @DefaultValue("32") @Min(1) int concurrency,
    @DefaultValue("5s") @DurationMin(millis = 1) Duration openFor,
    @DefaultValue("1s") @DurationMin(millis = 1) Duration firstRetry,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration longestRetry,
    @DefaultValue("1h") @DurationMin(millis = 1) Duration accountWithin,
    @DefaultValue("1h") @DurationMin(millis = 1) Duration submitWithin,
    @DefaultValue("1h") @DurationMin(millis = 1) Duration answerWithin,
    @DefaultValue("24h") @DurationMin(millis = 1) Duration giveUpAfter) {

  /**
   * @throws InvalidConfigurationPropertyValueException when the URL has no scheme or no host, or
   *     the longest pause is shorter than the first
   */
  public ClearingProperties {
    if (url != null && !HttpClientSettings.isBase(url)) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.clearing.url", url, "must be a URL such as https://clearing.example");
    }
    if (longestRetry.compareTo(firstRetry) < 0) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.clearing.longest-retry", longestRetry, "must be at least first-retry");
    }
  }

  public HttpClientSettings remote(URI at) {
    return new HttpClientSettings("clearing", at, token, timeout, concurrency, openFor);
  }

  IntervalFunction backoff() {
    return IntervalFunction.ofExponentialBackoff(firstRetry, 2, longestRetry);
  }
}
