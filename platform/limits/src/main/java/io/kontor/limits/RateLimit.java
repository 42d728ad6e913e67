package io.kontor.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What each key may cost in a minute. Its first minute begins with its first request. A request
 * that costs more than a whole minute is admitted at the beginning of one, and paid by those after
 * it.
 */
final class RateLimit<K> {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** Keys in memory, some hundred bytes each; beyond it, those seen least begin anew. */
  private static final int MOST_KEYS = 50_000;

  private static final Duration KEPT = Duration.ofMinutes(10);

  private final String policy;
  private final ToIntFunction<K> quota;
  private final Counter rejected;
  private final LoadingCache<K, Bucket> buckets;

  /**
   * @param policy the limit's name
   * @param quota of a key in a minute, at least 1
   */
  RateLimit(String policy, ToIntFunction<K> quota, TimeMeter clock, MeterRegistry meters) {
    this.policy = policy;
    this.quota = quota;
    this.rejected = meters.counter("kontor.limits.rejected", "policy", policy);
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MOST_KEYS)
            .expireAfterAccess(KEPT)
            .build(key -> bucket(quota.applyAsInt(key), clock));
  }

  /** Takes all of {@code cost}, which is 1 or more, or nothing; null when it is taken. */
  @Nullable Refusal take(K key, long cost) {
    Bucket bucket = buckets.get(key);
    int allowed = quota.applyAsInt(key);
    long atOnce = Math.min(cost, allowed);
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(atOnce);
    if (!probe.isConsumed()) {
      return new Refusal(
          policy,
          allowed,
          Math.max(0, probe.getRemainingTokens()),
          Duration.ofNanos(probe.getNanosToWaitForRefill()),
          rejected);
    }
    if (cost > atOnce) {
      bucket.consumeIgnoringRateLimits(cost - atOnce);
    }
    return null;
  }

  /** Undoes a {@link #take}. */
  void giveBack(K key, long cost) {
    buckets.get(key).addTokens(cost);
  }

  private static Bucket bucket(int quota, TimeMeter clock) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(quota).refillIntervally(quota, WINDOW))
        .withCustomTimePrecision(clock)
        .build();
  }
}
