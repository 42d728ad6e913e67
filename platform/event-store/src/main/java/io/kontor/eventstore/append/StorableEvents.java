package io.kontor.eventstore.append;

import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.Serializer;

/** Checks that apply to every stored event, in either store. */
public final class StorableEvents {
  private StorableEvents() {}

  /**
   * The event as it will be read back, so that a reader from memory sees the same time.
   *
   * @throws EventStoreException when it belongs to no stream, or to another tenant's
   */
  public static DomainEventMessage<?> storable(EventMessage<?> event) {
    if (!(event instanceof DomainEventMessage<?> domainEvent)) {
      throw new EventStoreException(
          "every event belongs to a stream, but not " + event.getPayloadType());
    }
    StreamId stream = StreamId.parse(domainEvent.getAggregateIdentifier());
    Object tenant = event.getMetaData().get(TenantMessageInterceptor.KEY);
    if (!stream.tenant().value().equals(tenant)) {
      throw new EventStoreException(
          "an event of stream %s was made for tenant %s".formatted(stream, tenant));
    }
    return inMillis(domainEvent);
  }

  private static DomainEventMessage<?> inMillis(DomainEventMessage<?> event) {
    Instant time = event.getTimestamp().truncatedTo(ChronoUnit.MILLIS);
    return time.equals(event.getTimestamp())
        ? event
        : new GenericDomainEventMessage<>(
            event.getType(),
            event.getAggregateIdentifier(),
            event.getSequenceNumber(),
            event.getPayload(),
            event.getMetaData(),
            event.getIdentifier(),
            time);
  }

  /** Whether a snapshot has the aggregate's current form; if not, the stream is replayed. */
  public static boolean isCurrent(DomainEventData<?> snapshot, Serializer serializer) {
    var stored = snapshot.getPayload().getType();
    var current = serializer.typeForClass(serializer.classForType(stored));
    return stored.getName().equals(current.getName())
        && Objects.equals(stored.getRevision(), current.getRevision());
  }
}
