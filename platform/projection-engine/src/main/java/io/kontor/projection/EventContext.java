package io.kontor.projection;

import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;

/**
 * Stream, position and time of an event.
 *
 * @param stream the stream's id, tenant included
 * @param version the stream's version after the event
 * @param position the event's position in the event store
 */
public record EventContext(
    TenantId tenant, String stream, long version, long position, Instant recordedAt) {

  public static EventContext of(EventMessage<?> message) {
    if (message instanceof TrackedEventMessage<?> tracked
        && message instanceof DomainEventMessage<?> event) {
      String stream = event.getAggregateIdentifier();
      return new EventContext(
          // The metadata has the tenant, too, but would have to be deserialized.
          new TenantId(stream.substring(0, stream.indexOf('/'))),
          stream,
          event.getSequenceNumber(),
          position(tracked.trackingToken()),
          // Stored timestamps have milliseconds; an event from memory must not differ.
          message.getTimestamp().truncatedTo(ChronoUnit.MILLIS));
    }
    throw new IllegalArgumentException("not an event of the event store: " + message);
  }

  /**
   * The position of an event of the event store, which is that of the last one of its unit of work.
   */
  public static long position(EventMessage<?> event) {
    return position(((TrackedEventMessage<?>) event).trackingToken());
  }

  /** The position of a token that has one. */
  public static long position(TrackingToken token) {
    return token.position().orElseThrow();
  }
}
