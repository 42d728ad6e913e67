package io.kontor.redis;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Names each server as up or down. Up in any case, since the bank serves without Redis. */
final class RedisHealthIndicator implements HealthIndicator {
  private final RedisNodes nodes;

  RedisHealthIndicator(RedisNodes nodes) {
    this.nodes = nodes;
  }

  @Override
  public Health health() {
    var health = Health.up();
    nodes.all().forEach(node -> health.withDetail(node.name(), node.isUp() ? "up" : "down"));
    return health.build();
  }
}
