package io.kontor.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Copies in this process, bounded by weight. */
final class NearCache {
  private static final int WEIGHT_OF_A_KEY = 200;

  private final Cache<CacheKey, Kept> kept;

  private record Kept(Versioned<?> value, int weight, long ttlNanos) {}

  NearCache(CacheProperties properties, MeterRegistry meters) {
    kept =
        Caffeine.newBuilder()
            .maximumWeight(properties.near().toBytes())
            .weigher((CacheKey key, Kept value) -> value.weight())
            .expireAfter(Expiry.creating((CacheKey key, Kept value) -> nanos(value)))
            .build();
    Gauge.builder("kontor.cache.near.entries", kept, Cache::estimatedSize)
        .description("copies in this process")
        .register(meters);
  }

  @Nullable Versioned<?> get(CacheKey key) {
    Kept found = kept.getIfPresent(key);
    return found == null ? null : found.value();
  }

  /** Keeps a value unless a later one is there. */
  void put(CacheKey key, Versioned<?> value, int weight, Duration ttl) {
    kept.asMap()
        .merge(
            key,
            new Kept(value, WEIGHT_OF_A_KEY + weight, ttl.toNanos()),
            (old, fresh) ->
                old.value().version().compareTo(fresh.value().version()) > 0 ? old : fresh);
  }

  void remove(CacheKey key) {
    kept.invalidate(key);
  }

  private static Duration nanos(Kept value) {
    return Duration.ofNanos(value.ttlNanos());
  }
}
