package io.kontor.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Limits of HTTP requests.
 *
 * @param maxBody largest body of a request; more is 413 {@code content-too-large}
 */
@ConfigurationProperties("kontor.http")
public record HttpProperties(@DefaultValue("1MB") DataSize maxBody) {
  /**
   * @throws InvalidConfigurationPropertyValueException when the size is not positive
   */
  public HttpProperties {
    if (maxBody.toBytes() < 1) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.http.max-body", maxBody, "must be a size such as 1MB");
    }
  }
}
