package io.kontor.api.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Returns a list of {@link AuditEvent}, ordered by position.
 *
 * @param from the first position, inclusive
 */
public record FindEvents(@Nullable UUID stream, @Nullable String type, long from, int limit) {}
