package io.kontor.eventstore.event;

import io.kontor.eventstore.chain.EventChain;
import io.kontor.tenancy.StreamId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as its table row, nothing interpreted.
 *
 * @param position its place among all events of the store
 * @param sequence its place in its stream
 * @param type its stable name
 * @param unitRest how many events of the same unit of work follow
 * @param payload JSON, as it was written
 * @param metadata JSON, as it was written, without the tenant
 * @param hash its link in the tenant's chain, see {@link EventChain}
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

  /** The same event with another link. */
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
