package io.kontor.lock;

import io.kontor.lock.redis.RedisQuorumLock;
import io.kontor.redis.RedisNodes;
import io.kontor.redis.RedisProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;

/** Connections to the servers of a quorum. */
final class TestQuorum implements AutoCloseable {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final RedisNodes nodes;

  /**
   * @param addresses of the servers
   */
  TestQuorum(List<String> addresses) {
    nodes =
        new RedisNodes(
            new RedisProperties(addresses, null, false, null, null, false, SECOND, SECOND, 1, 1),
            new SimpleMeterRegistry());
  }

  LeaseLock lock() {
    return new RedisQuorumLock(nodes.all());
  }

  @Override
  public void close() {
    nodes.close();
  }
}
