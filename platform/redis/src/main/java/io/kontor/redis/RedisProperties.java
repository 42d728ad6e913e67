package io.kontor.redis;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Redis or Valkey servers. None: nothing of Redis is started.
 *
 * @param nodes the servers as {@code host:port}
 * @param nodesFile a file with one server a line in place of {@code nodes}, read again every two
 *     seconds: servers join and leave while the bank runs
 * @param cluster whether the servers form a Redis Cluster, which distributes the keys itself
 * @param user the servers' ACL user; none: the default user
 * @param password the user's password
 * @param tls whether connections use TLS, verified with the JVM's trusted certificates
 * @param connectTimeout time limit for opening a connection
 * @param timeout time limit for the answer of one server
 * @param replicas number of servers that keep a copy of each key
 * @param virtualNodes places of each server on the ring
 */
@ConfigurationProperties("kontor.redis")
@Validated
public record RedisProperties(
    @DefaultValue List<@Pattern(regexp = "[^:\\s]+:[0-9]{1,5}") String> nodes,
    @Nullable Path nodesFile,
    @DefaultValue("false") boolean cluster,
    @Nullable String user,
    @Nullable String password,
    @DefaultValue("false") boolean tls,
    @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(seconds = 30)
        Duration connectTimeout,
    @DefaultValue("20ms") @DurationMin(millis = 1) @DurationMax(seconds = 5) Duration timeout,
    @DefaultValue("2") @Min(1) @Max(5) int replicas,
    @DefaultValue("4000") @Min(1) @Max(20_000) int virtualNodes) {

  public RedisProperties {
    nodes = List.copyOf(nodes);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "RedisProperties[nodes=%s, nodesFile=%s, cluster=%s, tls=%s]"
        .formatted(nodes, nodesFile, cluster, tls);
  }
}
