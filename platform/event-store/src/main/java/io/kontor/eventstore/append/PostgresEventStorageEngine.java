package io.kontor.eventstore.append;

import static java.util.stream.Collectors.toMap;
import static org.axonframework.eventhandling.EventUtils.upcastAndDeserializeTrackedEvents;
import static org.axonframework.eventsourcing.EventStreamUtils.upcastAndDeserializeDomainEvents;

import io.kontor.eventstore.append.QueuedAppend.EventRow;
import io.kontor.eventstore.append.QueuedAppend.StreamVersion;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.eventstore.idempotency.PendingIdempotencyRecord;
import io.kontor.eventstore.read.FirstEvents;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.read.StreamReader;
import io.kontor.eventstore.subscription.EventFeed;
import io.kontor.eventstore.subscription.TokenPositions;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.tracing.SpanFactory;
import org.jspecify.annotations.Nullable;

/**
 * Axon's storage engine on PostgreSQL. An append queues the unit of work for the group commit,
 * releases its streams' locks and waits until it is durable.
 */
public final class PostgresEventStorageEngine extends AbstractEventStorageEngine
    implements FirstEvents {
  private static final int STREAM_PAGE = 500;
  private static final int FEED_PAGE = 2_000;

  private final StreamReader table;
  private final CommitQueue queue;
  private final StreamLocks locks;
  private final RewindGuard guard;
  private final SpanFactory spans;

  public PostgresEventStorageEngine(
      Serializer events,
      Serializer snapshots,
      EventUpcaster upcasters,
      StreamReader table,
      CommitQueue queue,
      StreamLocks locks,
      RewindGuard guard,
      SpanFactory spans) {
    super(
        new Settings()
            .eventSerializer(events)
            .snapshotSerializer(snapshots)
            .upcasterChain(upcasters)
            .snapshotFilter(snapshot -> StorableEvents.isCurrent(snapshot, snapshots)));
    this.table = table;
    this.queue = queue;
    this.locks = locks;
    this.guard = guard;
    this.spans = spans;
  }

  @Override
  protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
    UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get();
    List<DomainEventMessage<?>> domainEvents =
        events.stream().<DomainEventMessage<?>>map(StorableEvents::storable).toList();
    List<EventRow> rows = domainEvents.stream().map(event -> row(event, serializer)).toList();
    Set<String> touched = new HashSet<>(locks.touchedBy(unitOfWork));
    domainEvents.forEach(event -> touched.add(event.getAggregateIdentifier()));
    IdempotencyRow record = PendingIdempotencyRecord.take(unitOfWork);
    long bytes =
        rows.stream().mapToLong(row -> row.payload().length() + row.metadata().length()).sum();
    finish(
        unitOfWork,
        new QueuedAppend(
            rows,
            domainEvents,
            touched,
            List.of(),
            LoadedAggregates.in(unitOfWork).aggregates(),
            record,
            bytes,
            new CompletableFuture<>()));
  }

  /**
   * For a unit of work without events: stores its idempotency record, or waits until the state that
   * it read is durable and confirmed as current.
   */
  void settle(UnitOfWork<?> unitOfWork) {
    if (CommittedPosition.of(unitOfWork) != null) {
      return; // events were appended
    }
    IdempotencyRow record = PendingIdempotencyRecord.take(unitOfWork);
    Set<String> touched = locks.touchedBy(unitOfWork);
    List<StreamVersion> read = LoadedAggregates.in(unitOfWork).versions();
    if (record != null || !read.isEmpty()) {
      finish(
          unitOfWork,
          new QueuedAppend(
              List.of(), List.of(), touched, read, Map.of(), record, 0, new CompletableFuture<>()));
    }
  }

  private void finish(UnitOfWork<?> unitOfWork, QueuedAppend unit) {
    queue.add(unit, () -> locks.haveFailedSince(unitOfWork));
    locks.giveBack(unitOfWork);
    try {
      long position =
          spans.createInternalSpan(() -> "EventStore.append").runSupplier(unit.durable()::join);
      CommittedPosition.set(unitOfWork, position);
    } catch (CompletionException failed) {
      unitOfWork.onCleanup(done -> queue.rolledBack(unit));
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new EventStoreException("append failed", failed.getCause());
    }
  }

  @Override
  protected Stream<? extends DomainEventData<?>> readEventData(
      String identifier, long firstSequenceNumber) {
    StreamId stream = StreamId.parse(identifier);
    awaitQueued(identifier);
    return Stream.iterate(
            table.stream(stream, firstSequenceNumber, STREAM_PAGE),
            page -> !page.isEmpty(),
            page ->
                page.size() < STREAM_PAGE
                    ? List.of()
                    : table.stream(stream, page.getLast().getSequenceNumber() + 1, STREAM_PAGE))
        .flatMap(List::stream);
  }

  @Override
  public Map<StreamId, DomainEventMessage<?>> of(Collection<StreamId> streams) {
    return upcastAndDeserializeDomainEvents(
            table.firstEvents(streams).stream(), getEventSerializer(), upcasterChain)
        .asStream()
        .collect(toMap(event -> StreamId.parse(event.getAggregateIdentifier()), event -> event));
  }

  /** Waits for queued events: they belong to the stream, but are not in the table yet. */
  private void awaitQueued(String identifier) {
    QueuedAppend last = locks.lastQueued(identifier);
    while (last != null && hasFailed(last)) {
      last = locks.lastQueued(identifier);
    }
  }

  private static boolean hasFailed(QueuedAppend unit) {
    return unit.durable().handle((position, failure) -> failure != null).join();
  }

  @Override
  protected Stream<? extends TrackedEventData<?>> readEventData(
      @Nullable TrackingToken trackingToken, boolean mayBlock) {
    return Stream.iterate(
            table.after(TokenPositions.of(trackingToken), FEED_PAGE),
            page -> !page.isEmpty(),
            page -> table.after(TokenPositions.of(page.getLast().trackingToken()), FEED_PAGE))
        .flatMap(List::stream);
  }

  /**
   * The next events after {@code position}, in whole units of work.
   *
   * @throws RewindGuard.RewoundException when the database has been rewound
   */
  EventFeed.Page pageAfter(long position) {
    List<TrackedEventData<String>> page = table.after(position, FEED_PAGE);
    if (page.isEmpty()) {
      return new EventFeed.Page(List.of(), position);
    }
    long upTo = TokenPositions.of(page.getLast().trackingToken());
    guard.demand(table, upTo, UUID.fromString(page.getLast().getEventIdentifier()));
    return new EventFeed.Page(
        table
            .moved(position, upTo)
            .mark(
                upcastAndDeserializeTrackedEvents(
                        page.stream(), getEventSerializer(), upcasterChain)
                    .toList()),
        upTo);
  }

  @Override
  protected Stream<? extends DomainEventData<?>> readSnapshotData(String aggregateIdentifier) {
    return table.snapshot(StreamId.parse(aggregateIdentifier)).stream();
  }

  @Override
  protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
    table.storeSnapshot(
        StreamId.parse(snapshot.getAggregateIdentifier()),
        snapshot.getSequenceNumber(),
        snapshot.getType(),
        snapshot.getTimestamp(),
        snapshot.serializePayload(serializer, String.class));
  }

  @Override
  public Optional<Long> lastSequenceNumberFor(String aggregateIdentifier) {
    awaitQueued(aggregateIdentifier);
    return table.lastSequence(StreamId.parse(aggregateIdentifier));
  }

  @Override
  public TrackingToken createHeadToken() {
    return new GlobalSequenceTrackingToken(table.lastPosition());
  }

  @Override
  public TrackingToken createTokenAt(Instant dateTime) {
    return table
        .positionBefore(dateTime)
        .<TrackingToken>map(GlobalSequenceTrackingToken::new)
        .orElseGet(this::createHeadToken);
  }

  private static EventRow row(DomainEventMessage<?> event, Serializer serializer) {
    StreamId stream = StreamId.parse(event.getAggregateIdentifier());
    MetaData metadata = event.getMetaData();
    SerializedObject<String> payload = event.serializePayload(serializer, String.class);
    SerializedObject<String> rest =
        serializer.serialize(
            metadata.withoutKeys(Set.of(TenantMessageInterceptor.KEY)), String.class);
    return EventRow.of(
        stream,
        event.getSequenceNumber(),
        event.getType(),
        event.getIdentifier(),
        payload.getType(),
        ChronoUnit.MICROS.between(Instant.EPOCH, event.getTimestamp()),
        payload.getData(),
        rest.getData());
  }

  private static final class Settings extends AbstractEventStorageEngine.Builder {}
}
