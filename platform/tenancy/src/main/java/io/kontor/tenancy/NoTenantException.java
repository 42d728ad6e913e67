package io.kontor.tenancy;

/** Tenant data was requested while no tenant was bound. */
public final class NoTenantException extends IllegalStateException {
  public NoTenantException() {
    super("no tenant is bound to this thread");
  }
}
