package io.kontor.cluster;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Cluster settings of this node.
 *
 * @param address where other nodes reach it; by default its own IP address and HTTP port
 */
@ConfigurationProperties("kontor.cluster")
record ClusterProperties(@Nullable URI address) {}
