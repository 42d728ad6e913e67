package io.kontor.limits;

import io.github.bucket4j.TimeMeter;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.ClientNetwork;
import io.kontor.web.security.Caller;
import io.kontor.web.security.Role;
import io.kontor.web.security.TokenClaims;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * The limits by user, by tenant and by address. Processes count together where they have {@link
 * SharedBuckets}; otherwise each counts for itself, and a caller may make as many requests to each.
 */
public final class RateLimits {
  /** Its notifications answer payments, which were counted when they were made. */
  private static final Set<Role> NOT_BY_USER = Set.of(Role.CLEARING);

  private final LimitPlans plans;
  private final RateLimit<User> userReads;
  private final RateLimit<User> userWrites;
  private final RateLimit<String> tenantReads;
  private final RateLimit<String> tenantWrites;
  private final RateLimit<String> addresses;

  /**
   * @param shared null to count for this process alone
   */
  RateLimits(
      LimitsProperties limits,
      LimitPlans plans,
      MeterRegistry meters,
      TimeMeter clock,
      @Nullable SharedBuckets shared) {
    this.plans = plans;
    ToIntFunction<User> ofUser = user -> plans.ofUser(user.tenant);
    userReads = new RateLimit<>("user-reads", ofUser, clock, meters, shared);
    userWrites = new RateLimit<>("user-writes", ofUser, clock, meters, shared);
    tenantReads = new RateLimit<>("tenant-reads", plans::ofTenant, clock, meters, shared);
    tenantWrites = new RateLimit<>("tenant-writes", plans::ofTenant, clock, meters, shared);
    addresses = new RateLimit<>("address", _ -> limits.address(), clock, meters, shared);
  }

  /**
   * A token's subject.
   *
   * @param tenant null for an operator
   */
  private record User(@Nullable String tenant, String subject) {
    /** Unique, since a tenant's id has no slash. */
    @Override
    public String toString() {
      return (tenant == null ? "" : tenant) + "/" + subject;
    }
  }

  /**
   * Has the plan of the request's tenant looked up when it is due.
   *
   * @param sent the token or API key as it was sent
   */
  void refreshPlan(JwtAuthenticationToken token, Supplier<String> sent) {
    String tenant = token.getToken().getClaimAsString(TokenClaims.TENANT);
    if (tenant != null) {
      plans.refresh(tenant, sent);
    }
  }

  /**
   * Counts a request with a valid token.
   *
   * @return to be added to by calls that do the work of many
   * @throws ProblemException (429) when it is over a limit
   */
  public RequestCost admit(JwtAuthenticationToken token, boolean isRead) {
    Refusal refusal = take(token, isRead, 1, 0);
    if (refusal != null) {
      throw refusal.problem();
    }
    return new RequestCost((cost, taken) -> take(token, isRead, cost, taken));
  }

  /**
   * Counts a request without a valid token.
   *
   * @param address the client's IP address
   * @throws ProblemException (429) when it is over the limit
   */
  public void admit(String address) {
    Refusal refusal = addresses.take(ClientNetwork.of(address), 1, 0);
    if (refusal != null) {
      throw refusal.problem();
    }
  }

  /** Undoes {@link #admit(String)}, once the request has shown a valid token. */
  public void giveBack(String address) {
    addresses.giveBack(ClientNetwork.of(address), 1);
  }

  /**
   * Counts a request without a valid token for as long as {@code work} takes to find out whether
   * its token is valid.
   *
   * @param address the client's IP address
   * @throws ProblemException (429) when it is over the limit
   */
  <R> R countDuring(String address, Supplier<R> work) {
    admit(address);
    try {
      return work.get();
    } finally {
      giveBack(address);
    }
  }

  private @Nullable Refusal take(
      JwtAuthenticationToken token, boolean isRead, long cost, long taken) {
    String tenant = token.getToken().getClaimAsString(TokenClaims.TENANT);
    var user = new User(tenant, token.getName());
    RateLimit<User> users = isRead ? userReads : userWrites;
    RateLimit<String> tenants = isRead ? tenantReads : tenantWrites;
    boolean byUser = !Caller.roles(token).equals(NOT_BY_USER);
    Refusal refusal = byUser ? users.take(user, cost, taken) : null;
    if (refusal != null || tenant == null) {
      return refusal;
    }
    refusal = tenants.take(tenant, cost, taken);
    if (refusal != null && byUser) {
      users.giveBack(user, cost);
    }
    return refusal;
  }
}
