package io.kontor.eventstore.axonserver;

import static io.kontor.eventstore.append.StorableEvents.storable;
import static org.axonframework.eventsourcing.EventStreamUtils.upcastAndDeserializeDomainEvents;

import com.google.protobuf.ByteString;
import io.axoniq.axonserver.connector.event.AggregateEventStream;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.Confirmation;
import io.axoniq.axonserver.grpc.event.Event;
import io.kontor.eventstore.append.CommittedPosition;
import io.kontor.eventstore.append.StorableEvents;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.idempotency.DuplicateRequestException;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.eventstore.idempotency.PendingIdempotencyRecord;
import io.kontor.eventstore.idempotency.RequestAnswered;
import io.kontor.eventstore.read.FirstEvents;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonframework.axonserver.connector.event.axon.EventBuffer;
import org.axonframework.axonserver.connector.event.axon.GrpcBackedDomainEventData;
import org.axonframework.axonserver.connector.event.axon.GrpcMetaDataAwareSerializer;
import org.axonframework.axonserver.connector.util.GrpcMetaDataConverter;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.tracing.SpanFactory;
import org.jspecify.annotations.Nullable;

/**
 * Axon's storage engine on Axon Server. A unit of work is one transaction there, and each event
 * carries how many events of the unit follow, so that readers keep it whole. A position is Axon
 * Server's index plus one: 0 is before the first event, as on PostgreSQL.
 */
public final class AxonServerEventStorageEngine extends AbstractEventStorageEngine
    implements FirstEvents {
  /** Event metadata: how many events of the same unit of work follow. */
  static final String UNIT_REST = "unitRest";

  private static final int READ_AHEAD = 5_000;

  private final Supplier<EventChannel> channel;
  private final Duration timeout;
  private final SpanFactory spans;
  private final GrpcMetaDataConverter metadata;

  /**
   * @param timeout timeout of a call to Axon Server
   */
  public AxonServerEventStorageEngine(
      Serializer events,
      Serializer snapshots,
      EventUpcaster upcasters,
      Supplier<EventChannel> channel,
      Duration timeout,
      SpanFactory spans) {
    super(
        new Settings()
            .eventSerializer(new GrpcMetaDataAwareSerializer(events))
            .snapshotSerializer(new GrpcMetaDataAwareSerializer(snapshots))
            .upcasterChain(upcasters)
            .snapshotFilter(snapshot -> StorableEvents.isCurrent(snapshot, snapshots)));
    this.channel = channel;
    this.timeout = timeout;
    this.spans = spans;
    this.metadata = new GrpcMetaDataConverter(events);
  }

  @Override
  protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
    UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get();
    List<DomainEventMessage<?>> unit = new ArrayList<>();
    events.forEach(event -> unit.add(storable(event)));
    IdempotencyRow idempotencyRow = PendingIdempotencyRecord.take(unitOfWork);
    long position =
        spans
            .createInternalSpan(() -> "EventStore.append")
            .runSupplier(() -> append(unit, idempotencyRow));
    CommittedPosition.set(unitOfWork, position);
  }

  /**
   * Appends a unit of work's events and its idempotency record, all or nothing.
   *
   * @return a position at or after theirs
   * @throws DuplicateRequestException when the key has a record already
   * @throws ConcurrencyException when another writer has appended to one of the streams
   * @throws StoreBusyException when Axon Server did not confirm: the events may be stored
   */
  long append(
      List<? extends DomainEventMessage<?>> events, @Nullable IdempotencyRow idempotencyRow) {
    List<DomainEventMessage<?>> unit = new ArrayList<>(events);
    if (idempotencyRow != null) {
      // For a stream's first event, Axon Server checks only its newer segments for duplicates.
      requireUnusedKey(idempotencyRow);
      unit.add(RequestAnswered.event(idempotencyRow));
    }
    try {
      appendTogether(unit);
    } catch (ConcurrencyException conflict) {
      if (idempotencyRow != null) {
        requireUnusedKey(idempotencyRow);
      }
      throw conflict;
    }
    return lastPosition();
  }

  private void appendTogether(List<DomainEventMessage<?>> unit) {
    var transaction = channel().startAppendEventsTransaction();
    int rest = unit.size();
    for (DomainEventMessage<?> event : unit) {
      transaction.appendEvent(
          stored(event, getEventSerializer())
              .putMetaData(UNIT_REST, metadata.convertToMetaDataValue(--rest))
              .build());
    }
    Confirmation confirmed = await(transaction.commit());
    if (!confirmed.getSuccess()) {
      throw new StoreBusyException("Axon Server did not confirm");
    }
  }

  private void requireUnusedKey(IdempotencyRow idempotencyRow) {
    if (answerTo(new TenantId(idempotencyRow.tenant()), idempotencyRow.key()).isPresent()) {
      throw new DuplicateRequestException(idempotencyRow.key());
    }
  }

  /** The idempotency record of a tenant's key. */
  Optional<RequestAnswered> answerTo(TenantId tenant, String key) {
    return events(RequestAnswered.streamOf(tenant, key).toString(), 0).stream()
        .filter(event -> event.getAggregateType().equals(RequestAnswered.STREAM_TYPE))
        .map(event -> idempotencyRecord(new GrpcBackedDomainEventData(event).getPayload()))
        .filter(stored -> stored.key().equals(key))
        .findFirst();
  }

  private RequestAnswered idempotencyRecord(SerializedObject<byte[]> payload) {
    RequestAnswered stored = getEventSerializer().deserialize(payload);
    return Objects.requireNonNull(stored);
  }

  /** The last event's position; 0 when there is none. */
  public long lastPosition() {
    return await(channel().getLastToken()) + 1;
  }

  /** The stored events after a position; the stream does not end. */
  EventStream storedAfter(long position) {
    return channel().openStream(position - 1, READ_AHEAD);
  }

  /** The units of work after a position. */
  TrackingEventStream unitsAfter(long position) {
    return new UnitOfWorkStream(
        new EventBuffer(storedAfter(position), upcasterChain, getEventSerializer(), true));
  }

  /** As on PostgreSQL, a tenant can read only its own streams. */
  @Override
  protected Stream<? extends DomainEventData<?>> readEventData(
      String identifier, long firstSequenceNumber) {
    return isOwn(identifier)
        ? events(identifier, firstSequenceNumber).stream()
            .filter(event -> !event.getAggregateType().equals(RequestAnswered.STREAM_TYPE))
            .map(GrpcBackedDomainEventData::new)
        : Stream.empty();
  }

  /** Axon Server reads one stream at a time. */
  @Override
  public Map<StreamId, DomainEventMessage<?>> of(Collection<StreamId> streams) {
    Map<StreamId, DomainEventMessage<?>> found = new HashMap<>();
    for (StreamId stream : streams) {
      var first =
          events(() -> channel().openAggregateStream(stream.toString(), 0, 1)).stream()
              .filter(event -> isOwn(stream.toString()) && event.getAggregateSequenceNumber() == 0)
              .map(GrpcBackedDomainEventData::new);
      upcastAndDeserializeDomainEvents(first, getEventSerializer(), upcasterChain)
          .forEachRemaining(event -> found.put(stream, event));
    }
    return found;
  }

  private List<Event> events(String stream, long firstSequenceNumber) {
    return events(() -> channel().openAggregateStream(stream, firstSequenceNumber));
  }

  private static List<Event> events(Supplier<AggregateEventStream> stream) {
    try {
      List<Event> events = stream.get().asStream().toList();
      if (Thread.currentThread().isInterrupted()) {
        // the connector then ends the stream early without an error
        throw new StoreBusyException("stopped while reading from Axon Server");
      }
      return events;
    } catch (StoreBusyException busy) {
      throw busy;
    } catch (RuntimeException failure) {
      throw AxonServerErrors.of(failure);
    }
  }

  @Override
  protected Stream<? extends DomainEventData<?>> readSnapshotData(String identifier) {
    if (!isOwn(identifier)) {
      return Stream.empty();
    }
    try {
      return channel().loadSnapshot(identifier).asStream().toList().stream()
          .map(GrpcBackedDomainEventData::new);
    } catch (StoreBusyException busy) {
      throw busy;
    } catch (RuntimeException failure) {
      throw AxonServerErrors.of(failure);
    }
  }

  private static boolean isOwn(String stream) {
    return StreamId.parse(stream).tenant().equals(TenantContext.current());
  }

  public void storeSnapshot(
      StreamId stream,
      long version,
      String streamType,
      Instant at,
      SerializedObject<String> state) {
    await(
        channel()
            .appendSnapshot(
                Event.newBuilder()
                    .setSnapshot(true)
                    .setMessageIdentifier(UUID.randomUUID().toString())
                    .setAggregateIdentifier(stream.toString())
                    .setAggregateSequenceNumber(version)
                    .setAggregateType(streamType)
                    .setTimestamp(at.toEpochMilli())
                    .setPayload(payload(state, ByteString.copyFromUtf8(state.getData())))
                    .build()));
  }

  @Override
  protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
    storeSnapshot(
        StreamId.parse(snapshot.getAggregateIdentifier()),
        snapshot.getSequenceNumber(),
        snapshot.getType(),
        snapshot.getTimestamp(),
        snapshot.serializePayload(serializer, String.class));
  }

  private Event.Builder stored(DomainEventMessage<?> event, Serializer serializer) {
    SerializedObject<byte[]> payload = event.serializePayload(serializer, byte[].class);
    var stored =
        Event.newBuilder()
            .setMessageIdentifier(event.getIdentifier())
            .setAggregateIdentifier(event.getAggregateIdentifier())
            .setAggregateSequenceNumber(event.getSequenceNumber())
            .setAggregateType(event.getType())
            .setTimestamp(event.getTimestamp().toEpochMilli())
            .setPayload(payload(payload, ByteString.copyFrom(payload.getData())));
    event
        .getMetaData()
        .forEach((key, value) -> stored.putMetaData(key, metadata.convertToMetaDataValue(value)));
    return stored;
  }

  private static io.axoniq.axonserver.grpc.SerializedObject payload(
      SerializedObject<?> payload, ByteString data) {
    return io.axoniq.axonserver.grpc.SerializedObject.newBuilder()
        .setType(payload.getType().getName())
        .setRevision(Objects.requireNonNullElse(payload.getType().getRevision(), ""))
        .setData(data)
        .build();
  }

  @Override
  public Optional<Long> lastSequenceNumberFor(String identifier) {
    return Optional.of(await(channel().findHighestSequence(identifier)))
        .filter(sequence -> sequence >= 0);
  }

  @Override
  public TrackingToken createHeadToken() {
    return new GlobalSequenceTrackingToken(lastPosition());
  }

  /**
   * Axon Server returns the first event at or after that time; this returns the position before it.
   */
  @Override
  public TrackingToken createTokenAt(Instant time) {
    long first = await(channel().getTokenAt(time.toEpochMilli()));
    return first < 0 ? createHeadToken() : new GlobalSequenceTrackingToken(first);
  }

  @Override
  protected Stream<? extends TrackedEventData<?>> readEventData(
      @Nullable TrackingToken trackingToken, boolean mayBlock) {
    throw new EventStoreException("events are followed, not read in pages");
  }

  private EventChannel channel() {
    try {
      return channel.get();
    } catch (RuntimeException failure) {
      throw AxonServerErrors.of(failure);
    }
  }

  private <T> T await(CompletableFuture<T> result) {
    try {
      return result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new StoreBusyException("stopped while waiting for Axon Server");
    } catch (ExecutionException | TimeoutException failure) {
      throw AxonServerErrors.of(failure);
    }
  }

  private static final class Settings extends AbstractEventStorageEngine.Builder {}
}
