package io.kontor.dev;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Servers that profile {@code embedded} starts.
 *
 * @param redis only with profile {@code embedded}: how many Redis servers are started and used as
 *     {@code kontor.redis.nodes}; they end with the bank and keep nothing
 */
@ConfigurationProperties("kontor.embedded")
record EmbeddedServerProperties(
    @DefaultValue("0") @Min(0) @Max(EmbeddedServerProperties.MOST_REDIS) int redis) {
  static final int MOST_REDIS = 9;
}
