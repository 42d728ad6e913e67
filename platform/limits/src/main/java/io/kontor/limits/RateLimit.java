package io.kontor.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each key may cost in a minute. Its first minute begins with its first request. A request
 * that costs more than a whole minute is admitted at the beginning of one, and paid by those after
 * it. Where processes count together and the store is away, this one counts for itself.
 */
final class RateLimit<K> {
  private static final Logger LOG = LoggerFactory.getLogger(RateLimit.class);
  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** Keys in memory, some hundred bytes each; beyond it, those seen least begin anew. */
  private static final int MOST_KEYS = 50_000;

  private static final Duration KEPT = Duration.ofMinutes(10);

  private final String policy;
  private final ToIntFunction<K> quota;
  private final Counter rejected;
  private final Counter apart;
  private final @Nullable SharedBuckets shared;
  private final LoadingCache<K, Counted> counted;

  /**
   * @param policy the limit's name
   * @param quota of a key in a minute, at least 1; the key's text tells it from others
   * @param shared null to count for this process alone
   */
  RateLimit(
      String policy,
      ToIntFunction<K> quota,
      TimeMeter clock,
      MeterRegistry meters,
      @Nullable SharedBuckets shared) {
    this.policy = policy;
    this.quota = quota;
    this.rejected = meters.counter("kontor.limits.rejected", "policy", policy);
    this.apart = meters.counter("kontor.limits.apart", "policy", policy);
    this.shared = shared;
    this.counted =
        Caffeine.newBuilder()
            .maximumSize(MOST_KEYS)
            .expireAfterAccess(KEPT)
            .build(key -> new Counted(quota.applyAsInt(key), clock));
  }

  /** What is left of a key's minute, and the quota of which it is left. */
  private static final class Counted {
    private final Bucket bucket;
    private volatile int quota;

    Counted(int quota, TimeMeter clock) {
      this.bucket =
          Bucket.builder().addLimit(bandwidth(quota)).withCustomTimePrecision(clock).build();
      this.quota = quota;
    }

    Bucket with(int wanted) {
      if (quota != wanted) {
        change(wanted);
      }
      return bucket;
    }

    /** What was used of the minute under way stays used, and no debt arises from less quota. */
    private synchronized void change(int wanted) {
      int former = quota;
      if (former == wanted) {
        return;
      }
      long before = bucket.getAvailableTokens();
      long left = Math.max(before + wanted - former, Math.min(before, 0));
      bucket.replaceConfiguration(minute(wanted), TokensInheritanceStrategy.AS_IS);
      long kept = Math.min(before, wanted);
      if (left > kept) {
        bucket.addTokens(left - kept);
      } else if (left < kept) {
        bucket.consumeIgnoringRateLimits(kept - left);
      }
      quota = wanted;
    }
  }

  static BucketConfiguration minute(int quota) {
    return BucketConfiguration.builder().addLimit(bandwidth(quota)).build();
  }

  private static Bandwidth bandwidth(int quota) {
    return Bandwidth.builder().capacity(quota).refillIntervally(quota, WINDOW).build();
  }

  /**
   * Takes all of {@code cost}, which is 1 or more, or nothing; null when it is taken.
   *
   * @param taken what the same request has taken already, by which a minute is still untouched
   */
  @Nullable Refusal take(K key, long cost, long taken) {
    int allowed = quota.applyAsInt(key);
    if (shared != null) {
      try {
        return take(shared.get(policy, key, allowed), allowed, cost, taken);
      } catch (RuntimeException away) {
        LOG.debug("counted apart policy={}", policy, away);
        apart.increment();
      }
    }
    return take(counted.get(key).with(allowed), allowed, cost, taken);
  }

  private @Nullable Refusal take(Bucket bucket, int allowed, long cost, long taken) {
    long atOnce = Math.min(cost, Math.max(0, allowed - taken));
    if (atOnce > 0) {
      ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(atOnce);
      if (!probe.isConsumed()) {
        return new Refusal(
            policy,
            allowed,
            Math.max(0, probe.getRemainingTokens()),
            Duration.ofNanos(probe.getNanosToWaitForRefill()),
            rejected);
      }
    }
    if (cost > atOnce) {
      bucket.consumeIgnoringRateLimits(cost - atOnce);
    }
    return null;
  }

  /** Undoes a {@link #take}. */
  void giveBack(K key, long cost) {
    if (shared != null) {
      try {
        shared.get(policy, key, quota.applyAsInt(key)).addTokens(cost);
        return;
      } catch (RuntimeException away) {
        LOG.debug("given back apart policy={}", policy, away);
      }
    }
    counted.get(key).bucket.addTokens(cost);
  }
}
