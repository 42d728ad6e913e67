package io.kontor.limits;

import io.kontor.tenancy.TenantId;
import java.util.Optional;

/** Finds the plans of tenants: a node in its database, a gateway at a node. */
public interface LimitPlanLookup {
  /**
   * The tenant's plan; empty when it has none.
   *
   * @param token a valid token or API key of the tenant
   * @throws RuntimeException when that can't be found out now
   */
  Optional<LimitPlan> find(TenantId tenant, String token);
}
