package io.kontor.tenancy;

/** Something that belongs to a tenant was asked for while no tenant was bound. */
public final class NoTenantException extends IllegalStateException {
  public NoTenantException() {
    super("no tenant is bound to this thread");
  }
}
