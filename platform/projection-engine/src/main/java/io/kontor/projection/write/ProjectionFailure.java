package io.kontor.projection.write;

import io.kontor.tenancy.TenantId;

/**
 * A live read model could not take an event, and none of the tenant's events waited there before.
 *
 * @param event the event's id
 */
public record ProjectionFailure(TenantId tenant, String projection, String event) {}
