package io.kontor.projections.engine;

import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a projection could not take, at its first event that failed.
 *
 * @param id another one once the stream is parked at another event
 * @param version the stream's version after the event
 * @param attempts how often it failed
 * @param followers later events of the stream, which wait behind it
 * @param cause what it failed with
 * @param requested what a person asked for and was not done yet: {@code RETRY} or {@code DISCARD}
 */
public record DeadLetter(
    UUID id,
    String projection,
    TenantId tenant,
    UUID stream,
    long version,
    String eventType,
    Instant recordedAt,
    Instant parkedAt,
    int attempts,
    long followers,
    String cause,
    @Nullable String requested) {}
