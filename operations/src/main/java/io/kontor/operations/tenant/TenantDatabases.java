package io.kontor.operations.tenant;

import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantIsolation;

/** Schemas and databases of single tenants. */
public interface TenantDatabases {
  /**
   * Makes a tenant's own schema or database ready to serve. Repeating it changes nothing.
   *
   * @param isolation {@code SCHEMA} or {@code DATABASE}
   * @throws io.kontor.web.problem.ProblemException if none is described for the tenant (400), or it
   *     can't be opened (503)
   */
  void create(TenantId tenant, TenantIsolation isolation, String name);

  /**
   * Requires that a tenant may move into a schema of its own, or into the database that is
   * described for it.
   *
   * @throws io.kontor.web.problem.ProblemException if none is, or this bank can't have any (400)
   */
  void requireDescribed(TenantId tenant, TenantIsolation isolation);
}
