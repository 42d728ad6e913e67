package io.kontor.tenancy.registry;

/** How a tenant's data is separated from that of others. */
public enum TenantIsolation {
  /** Rows in the shared database's tables, under row-level security. */
  ROW,
  /** A schema of the tenant's own in the shared database: its cell. */
  SCHEMA,
  /** A database of the tenant's own: its cell. */
  DATABASE;

  /** Whether the tenant has tables, a writer and read models of its own. */
  public boolean isCell() {
    return this != ROW;
  }
}
