package io.kontor.eventstore.read;

import static org.axonframework.eventhandling.EventUtils.upcastAndDeserializeTrackedEvents;

import io.kontor.eventstore.event.StoredEvent;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;

/**
 * Reads all stored events in large pages and upcasts them, for readers that start at the beginning.
 */
public final class EventPageReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final EventReader history;
  private final Serializer serializer;
  private final EventUpcaster olderForms;

  /**
   * @param serializer the serializer of the event store
   */
  public EventPageReader(EventReader history, Serializer serializer, EventUpcaster olderForms) {
    this.history = history;
    this.serializer = serializer;
    this.olderForms = olderForms;
  }

  /**
   * A page of events in order.
   *
   * @param upTo the position up to which the page is complete
   */
  public record Page(List<TrackedEventMessage<?>> events, long upTo) {}

  /**
   * A page of one stream's events in order.
   *
   * @param next the sequence number after the last event
   */
  public record StreamPage(List<TrackedEventMessage<?>> events, long next) {}

  /** The last position; 0 when there is no event. */
  public long head() {
    return history.head();
  }

  /** An instant before which no further event will be recorded. */
  public Watermark watermark() {
    return history.watermark();
  }

  /**
   * Reads whole units of work, so the last one may end after {@code upTo}.
   *
   * @param tenant only this tenant's events; all tenants when null
   * @throws IllegalStateException when the store does not reach {@code upTo}
   */
  public Page read(@Nullable TenantId tenant, long after, long upTo) {
    awaitStored(upTo);
    List<TrackedEventData<?>> stored = new ArrayList<>();
    long[] unitEnd = {upTo};
    history.forEach(
        tenant,
        after,
        upTo,
        event -> {
          stored.add(tracked(event));
          unitEnd[0] = Math.max(unitEnd[0], event.position() + event.unitRest());
        });
    if (unitEnd[0] > upTo) {
      history.forEach(tenant, upTo, unitEnd[0], event -> stored.add(tracked(event)));
    }
    return new Page(inTodaysForm(stored), unitEnd[0]);
  }

  /**
   * Reads at most {@code limit} events of a stream, starting at a sequence number.
   *
   * @param upTo only events whose unit of work ends at or before this position
   * @throws IllegalStateException when the store does not reach {@code upTo}
   */
  public StreamPage read(StreamId stream, long from, long upTo, int limit) {
    awaitStored(upTo);
    List<StoredEvent> stored = history.page(stream, from, upTo, limit);
    long next = stored.isEmpty() ? from : stored.getLast().sequence() + 1;
    return new StreamPage(
        inTodaysForm(stored.stream().<TrackedEventData<?>>map(EventPageReader::tracked).toList()),
        next);
  }

  private List<TrackedEventMessage<?>> inTodaysForm(List<TrackedEventData<?>> stored) {
    return upcastAndDeserializeTrackedEvents(stored.stream(), serializer, olderForms)
        .<TrackedEventMessage<?>>map(event -> event)
        .toList();
  }

  /** Waits for the copy: with Axon Server as the store, the event table lags behind subscribers. */
  private void awaitStored(long position) {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (history.head() < position) {
      if (System.nanoTime() - end >= 0) {
        throw new IllegalStateException(
            "the event table ends at position %d, and %d was asked for"
                .formatted(history.head(), position));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private static TrackedEventData<String> tracked(StoredEvent event) {
    return new TrackedDomainEventData<>(
        new GlobalSequenceTrackingToken(event.position() + event.unitRest()),
        new GenericDomainEventEntry<>(
            event.streamType(),
            event.stream().toString(),
            event.sequence(),
            event.eventId().toString(),
            event.recordedAt(),
            event.type(),
            event.revision(),
            event.payload(),
            StreamReader.withTenant(event.metadata(), event.stream().tenant().value())));
  }
}
