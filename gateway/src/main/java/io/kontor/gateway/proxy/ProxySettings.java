package io.kontor.gateway.proxy;

import java.time.Duration;

/**
 * How requests are sent.
 *
 * @param connectTimeout for opening a connection
 * @param readTimeout for a node's answer to a read
 * @param writeTimeout for a node's answer to anything else
 * @param attempts nodes that get a request at most
 * @param retryPercent retries for 100 requests
 */
public record ProxySettings(
    Duration connectTimeout,
    Duration readTimeout,
    Duration writeTimeout,
    int attempts,
    int retryPercent) {}
