package io.kontor.tenancy.registry;

import io.kontor.tenancy.TenantId;
import java.time.Instant;

/**
 * A tenant as an operator sees it.
 *
 * @param name a name to show
 */
public record RegisteredTenant(
    TenantId id, String name, TenantIsolation isolation, Instant registeredAt) {}
