package io.kontor.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits of each tenant: its plan, or the settings where it has none. Plans are looked up every
 * 5 seconds while the tenant sends requests, beside the requests, which don't wait for it. While a
 * plan can't be looked up, the last one that was known applies.
 */
public final class LimitPlans {
  private static final Logger LOG = LoggerFactory.getLogger(LimitPlans.class);
  private static final Duration REFRESHED = Duration.ofSeconds(5);
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final int MOST_TENANTS = 50_000;

  private final LimitsProperties settings;
  private final LimitPlanLookup lookup;
  private final Executor executor;
  private final LongSupplier clock;
  private final LoadingCache<String, Known> plans;

  public LimitPlans(LimitsProperties settings, LimitPlanLookup lookup) {
    this(
        settings,
        lookup,
        work -> Thread.ofVirtual().name("limit-plan").start(work),
        System::nanoTime);
  }

  /**
   * @param clock in nanoseconds
   */
  LimitPlans(
      LimitsProperties settings, LimitPlanLookup lookup, Executor executor, LongSupplier clock) {
    this.settings = settings;
    this.lookup = lookup;
    this.executor = executor;
    this.clock = clock;
    this.plans =
        Caffeine.newBuilder()
            .maximumSize(MOST_TENANTS)
            .expireAfterAccess(KEPT)
            .build(_ -> new Known(clock.getAsLong() - REFRESHED.toNanos()));
  }

  /** A tenant's plan as far as it is known, and when it was last looked up. */
  private static final class Known {
    private final AtomicLong lookedUpAt;
    private volatile @Nullable LimitPlan plan;

    Known(long lookedUpAt) {
      this.lookedUpAt = new AtomicLong(lookedUpAt);
    }

    /** True for one caller each time that a plan is due. */
    boolean isDue(long now) {
      long before = lookedUpAt.get();
      return now - before >= REFRESHED.toNanos() && lookedUpAt.compareAndSet(before, now);
    }
  }

  /**
   * Has a plan apply to this process at once that was just changed, or read beside something else;
   * null to go by the settings.
   */
  public void apply(TenantId tenant, @Nullable LimitPlan plan) {
    Known known = plans.get(tenant.value());
    known.plan = plan;
    known.lookedUpAt.set(clock.getAsLong());
  }

  /**
   * Looks the tenant's plan up when it is due.
   *
   * @param token a valid token or API key of the tenant
   */
  void refresh(String tenant, Supplier<String> token) {
    Known known = plans.get(tenant);
    if (TenantId.isValid(tenant) && known.isDue(clock.getAsLong())) {
      String sent = token.get();
      executor.execute(() -> lookUp(new TenantId(tenant), sent, known));
    }
  }

  private void lookUp(TenantId tenant, String token, Known known) {
    try {
      known.plan = lookup.find(tenant, token).orElse(null);
    } catch (RuntimeException away) {
      LOG.debug("plan not looked up tenant={}", tenant, away);
    }
  }

  int ofTenant(String tenant) {
    LimitPlan plan = plans.get(tenant).plan;
    return plan == null ? settings.of(tenant) : plan.tenantPerMinute();
  }

  /**
   * @param tenant null for an operator
   */
  int ofUser(@Nullable String tenant) {
    LimitPlan plan = tenant == null ? null : plans.get(tenant).plan;
    return plan == null ? settings.user() : plan.userPerMinute();
  }
}
