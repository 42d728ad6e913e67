package io.kontor.eventstore.event;

import io.kontor.tenancy.StreamId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as a table row; payload and metadata are not deserialized.
 *
 * @param position its position in the store
 * @param sequence its sequence number in its stream
 * @param type its stable name
 * @param unitRest how many events of the same unit of work follow
 * @param payload JSON, as it was written
 * @param metadata JSON, as it was written, without the tenant
 * @param hash its hash in the tenant's chain, see {@link EventChain}
 */
public record StoredEvent(
    long position,
    StreamId stream,
    long sequence,
    String streamType,
    UUID eventId,
    String type,
    @Nullable String revision,
    Instant recordedAt,
    int unitRest,
    String payload,
    String metadata,
    Sha256 hash) {

  /** A copy with another hash. */
  public StoredEvent chained(Sha256 other) {
    return new StoredEvent(
        position,
        stream,
        sequence,
        streamType,
        eventId,
        type,
        revision,
        recordedAt,
        unitRest,
        payload,
        metadata,
        other);
  }

  public long recordedAtMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, recordedAt);
  }
}
