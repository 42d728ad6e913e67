package io.kontor.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.kontor.redis.RedisNodes;
import java.time.Duration;

/**
 * Buckets that all processes of a program take from together. Requests of a process that come at
 * the same time are taken from a bucket at once.
 */
final class SharedBuckets {
  private static final int MOST_KEYS = 50_000;
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final String program;
  private final LoadingCache<Name, Bucket> buckets;

  /**
   * A bucket's name. A key with another quota is another bucket: processes that learn of a change
   * one after the other do not change a bucket to and fro.
   */
  private record Name(String policy, Object key, int quota) {}

  /**
   * @param program those of the same name share buckets: a node does not count again what a gateway
   *     has counted
   */
  SharedBuckets(RedisNodes nodes, String program, TimeMeter clock) {
    var store = new RedisBucketStore(nodes, clock);
    this.program = program;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MOST_KEYS)
            .expireAfterAccess(KEPT)
            .build(
                name ->
                    store
                        .builder()
                        .withOptimization(Optimizations.batching())
                        .build(inRedis(name), () -> RateLimit.minute(name.quota())));
  }

  /** A bucket whose methods throw a RuntimeException while its server is away. */
  Bucket get(String policy, Object key, int quota) {
    return buckets.get(new Name(policy, key, quota));
  }

  private String inRedis(Name name) {
    return "kontor:limit:%s:%s:%d:%s".formatted(program, name.policy(), name.quota(), name.key());
  }
}
