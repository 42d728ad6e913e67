package io.kontor.projection.deadletter;

import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a projection cannot process, with its first failed event.
 *
 * @param id changes when the stream fails at another event
 * @param version the stream's version after the event
 * @param attempts number of failed attempts
 * @param followers number of later events of the stream, which wait for this one
 * @param cause message of the last failure
 * @param requested an operator's request that is not carried out yet: {@code RETRY} or {@code
 *     DISCARD}
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
