package io.kontor.operations.tenant;

import io.kontor.tenancy.TenantId;

/** Databases of single tenants. */
public interface TenantDatabases {
  /**
   * Makes a tenant's own database ready to serve. Repeating it changes nothing.
   *
   * @throws io.kontor.web.problem.ProblemException if none is described for the tenant (400), or it
   *     can't be opened (503)
   */
  void create(TenantId tenant, String name);

  /**
   * Requires that a database is described for a tenant, which may move there.
   *
   * @throws io.kontor.web.problem.ProblemException if none is (400)
   */
  void requireDescribed(TenantId tenant);
}
