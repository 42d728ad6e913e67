package io.kontor.redis;

/** A server was not called, since too many of the last calls failed or there is no connection. */
public final class RedisUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RedisUnavailableException(String node) {
    // Thrown for each call during an outage, so without a stack trace.
    super(node + " is not available", null, false, false);
  }
}
