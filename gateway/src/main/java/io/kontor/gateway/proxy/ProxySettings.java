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
 * @param bodyMemory bytes of bodies of calls in memory at the same time
 * @param pageBodyMemory the same of pages, for which nobody needs a token
 */
public record ProxySettings(
    Duration connectTimeout,
    Duration readTimeout,
    Duration writeTimeout,
    int attempts,
    int retryPercent,
    long bodyMemory,
    long pageBodyMemory) {}
