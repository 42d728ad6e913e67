package io.kontor.cluster;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.validation.annotation.Validated;

/**
 * Cluster settings of this node.
 *
 * @param address where other nodes reach it, {@code https://...} behind TLS; by default {@code
 *     http://}, {@code server.address} or the machine's IP address, and the HTTP port
 */
@ConfigurationProperties("kontor.cluster")
@Validated
record ClusterProperties(@Nullable URI address) {
  /**
   * @throws InvalidConfigurationPropertyValueException when the address has no scheme or no host
   */
  ClusterProperties {
    if (address != null && address.getHost() == null) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.cluster.address", address, "must be a URL such as http://10.0.0.7:8080");
    }
  }
}
