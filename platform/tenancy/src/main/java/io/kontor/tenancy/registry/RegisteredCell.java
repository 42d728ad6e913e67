package io.kontor.tenancy.registry;

import io.kontor.tenancy.TenantId;

/**
 * The database of a tenant that has its own.
 *
 * @param address its URL as the node that opened it last had it configured, without passwords
 * @param secret the prefix of the settings with its passwords
 */
public record RegisteredCell(TenantId tenant, String address, String secret) {}
