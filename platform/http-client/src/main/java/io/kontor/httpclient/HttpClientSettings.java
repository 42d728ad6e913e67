package io.kontor.httpclient;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a client of an external party.
 *
 * @param name the name in metrics
 * @param url the prefix of every path
 * @param token sent as a bearer token; none when null
 * @param timeout for a whole call, from connecting to the last byte
 * @param concurrency limit of pending calls
 * @param openFor how long the circuit stays open after too many failures
 */
public record HttpClientSettings(
    String name,
    URI url,
    @Nullable String token,
    Duration timeout,
    int concurrency,
    Duration openFor) {

  public HttpClientSettings {
    if (!isBase(url)) {
      throw new IllegalArgumentException(
          "the url of %s must be like https://example.com, it is %s".formatted(name, url));
    }
    if (!timeout.isPositive() || concurrency < 1 || !openFor.isPositive()) {
      throw new IllegalArgumentException(
          "timeout, concurrency and openFor of %s must be more than zero".formatted(name));
    }
  }

  /** Whether paths can be appended: it has a scheme and a host. */
  public static boolean isBase(URI url) {
    return url.isAbsolute() && url.getHost() != null;
  }

  /** Limits for a party that responds within two seconds. */
  public static HttpClientSettings of(String name, URI url) {
    return new HttpClientSettings(
        name, url, null, Duration.ofSeconds(2), 32, Duration.ofSeconds(5));
  }
}
