package io.kontor.tenancy.registry;

import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as an operator sees it.
 *
 * @param name a name to show
 * @param cell its own schema or database; null when it is in the shared tables, and when it was
 *     closed
 * @param kept what it has moved out of and is not removed yet
 * @param closedAt when it was closed; null when it is served
 */
public record RegisteredTenant(
    TenantId id,
    String name,
    TenantIsolation isolation,
    @Nullable RegisteredCell cell,
    List<TenantIsolation> kept,
    Instant registeredAt,
    @Nullable Instant closedAt) {}
