package io.kontor.tenancy.registry;

/**
 * Where a tenant's requests are served.
 *
 * @param isSuspended whether its data is being moved, so that nothing is changed
 * @param hasMoved whether it was elsewhere before
 */
public record TenantPlace(TenantIsolation isolation, boolean isSuspended, boolean hasMoved) {}
