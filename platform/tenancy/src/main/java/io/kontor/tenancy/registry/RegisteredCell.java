package io.kontor.tenancy.registry;

import io.kontor.tenancy.TenantId;

/**
 * The schema or the database of a tenant that has its own.
 *
 * @param isolation {@code SCHEMA} or {@code DATABASE}
 * @param address its URL as the node that opened it last had it configured, without passwords, or
 *     the name of its schema
 * @param secret the prefix of the settings with its passwords
 */
public record RegisteredCell(
    TenantId tenant, TenantIsolation isolation, String address, String secret) {}
