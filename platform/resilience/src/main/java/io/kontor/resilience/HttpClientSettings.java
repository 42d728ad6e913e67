package io.kontor.resilience;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A party outside the bank.
 *
 * @param name as it appears in metrics
 * @param url what every path is appended to
 * @param token sent as a bearer token; none, when null
 * @param timeout for a whole call, from the first attempt to connect to the last byte
 * @param concurrency calls under way at most
 * @param openFor how long no call is made after too many failed
 */
public record HttpClientSettings(
    String name,
    URI url,
    @Nullable String token,
    Duration timeout,
    int concurrency,
    Duration openFor) {

  public HttpClientSettings {
    if (!url.isAbsolute() || url.getHost() == null) {
      throw new IllegalArgumentException(
          "the url of %s must be like https://example.com, it is %s".formatted(name, url));
    }
    if (!timeout.isPositive() || concurrency < 1 || !openFor.isPositive()) {
      throw new IllegalArgumentException(
          "timeout, concurrency and openFor of %s must be more than zero".formatted(name));
    }
  }

  /** With limits that suit a party which answers within two seconds. */
  public static HttpClientSettings of(String name, URI url) {
    return new HttpClientSettings(
        name, url, null, Duration.ofSeconds(2), 32, Duration.ofSeconds(5));
  }
}
