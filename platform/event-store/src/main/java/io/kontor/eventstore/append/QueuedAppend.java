package io.kontor.eventstore.append;

import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.tenancy.StreamId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.serialization.SerializedType;
import org.jspecify.annotations.Nullable;

/**
 * What one unit of work stores, all or nothing: its events and its idempotency record. One without
 * either only waits until the state it read is durable.
 *
 * @param touched every stream that the decision read or changed
 * @param read the versions that the decision rests on, if it changed nothing
 * @param pinned the resulting aggregates, kept in memory while the append is pending
 * @param durable completes with the position reached once the append is durable
 */
public record QueuedAppend(
    List<EventRow> rows,
    List<DomainEventMessage<?>> events,
    Set<String> touched,
    List<StreamVersion> read,
    Map<String, EventSourcedAggregate<?>> pinned,
    @Nullable IdempotencyRow answer,
    long bytes,
    CompletableFuture<Long> durable) {

  boolean isReadOnly() {
    return rows.isEmpty() && answer == null;
  }

  /** The tenants of its events and of its idempotency record. */
  Stream<String> tenants() {
    return Stream.concat(
        rows.stream().map(row -> row.stream().tenant().value()),
        Stream.ofNullable(answer).map(IdempotencyRow::tenant));
  }

  /** A copy with another time of recording. */
  QueuedAppend recordedAt(long micros) {
    return new QueuedAppend(
        rows.stream().map(row -> row.recordedAt(micros)).toList(),
        events,
        touched,
        read,
        pinned,
        answer,
        bytes,
        durable);
  }

  /** Drops a pinned aggregate. */
  void unpin(String stream) {
    if (pinned.containsKey(stream)) {
      pinned.remove(stream);
    }
  }

  /** Compares by identity: two units of work are never equal. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** An event as a table row; position and hash are assigned when it is written. */
  public record EventRow(
      StreamId stream,
      long sequence,
      String streamType,
      String eventId,
      String type,
      @Nullable String revision,
      long recordedAtMicros,
      String payload,
      String metadata) {

    public static EventRow of(
        StreamId stream,
        long sequence,
        String streamType,
        String eventId,
        SerializedType type,
        long recordedAtMicros,
        String payload,
        String metadata) {
      return new EventRow(
          stream,
          sequence,
          streamType,
          eventId,
          type.getName(),
          type.getRevision(),
          recordedAtMicros,
          payload,
          metadata);
    }

    EventRow recordedAt(long micros) {
      return new EventRow(
          stream, sequence, streamType, eventId, type, revision, micros, payload, metadata);
    }

    /** The digest of its own columns, see {@link EventChain}. */
    Sha256 content() {
      return EventChain.content(
          stream,
          sequence,
          streamType,
          UUID.fromString(eventId),
          type,
          revision,
          recordedAtMicros,
          payload,
          metadata);
    }
  }

  /** A stream and the sequence number of its last event. */
  public record StreamVersion(StreamId stream, long version) {}
}
