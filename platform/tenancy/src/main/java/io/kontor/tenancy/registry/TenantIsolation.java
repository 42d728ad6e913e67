package io.kontor.tenancy.registry;

/** How a tenant's data is separated from that of others. */
public enum TenantIsolation {
  /** Rows in the shared database's tables, under row-level security. */
  ROW,
  /** A database of the tenant's own: its cell. */
  DATABASE
}
