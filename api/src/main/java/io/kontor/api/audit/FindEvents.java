package io.kontor.api.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers a list of {@link AuditEvent}, in the order of the event store.
 *
 * @param from the first position to look at
 */
public record FindEvents(@Nullable UUID stream, @Nullable String type, long from, int limit) {}
