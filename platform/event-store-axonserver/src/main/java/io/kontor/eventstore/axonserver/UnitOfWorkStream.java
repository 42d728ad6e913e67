package io.kontor.eventstore.axonserver;

import io.kontor.eventstore.subscription.TokenPositions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventsourcing.eventstore.EventStoreException;

/**
 * Axon Server's events in whole units of work: an event is passed on once its unit's last one has
 * arrived, and all events of a unit get the position of the last. So every reader handles both
 * sides of a transfer together.
 */
final class UnitOfWorkStream implements TrackingEventStream {
  private final TrackingEventStream events;
  private final ArrayDeque<TrackedEventMessage<?>> whole = new ArrayDeque<>();
  private final List<DomainEventMessage<?>> begun = new ArrayList<>();

  UnitOfWorkStream(TrackingEventStream events) {
    this.events = events;
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    try {
      while (whole.isEmpty() && events.peek().isPresent()) {
        take(events.nextAvailable());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    return Optional.ofNullable(whole.peek());
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    while (whole.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(Math.max(0, end - System.nanoTime()));
      if (!events.hasNextAvailable((int) left, TimeUnit.MILLISECONDS)) {
        return false;
      }
      take(events.nextAvailable());
    }
    return true;
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    while (!hasNextAvailable(Integer.MAX_VALUE, TimeUnit.MILLISECONDS)) {
      Thread.onSpinWait();
    }
    return whole.remove();
  }

  private void take(TrackedEventMessage<?> event) {
    if (!(event instanceof DomainEventMessage<?> ofStream)
        || !(event.getMetaData().get(AxonServerEventStorageEngine.UNIT_REST)
            instanceof Number rest)) {
      throw new EventStoreException(
          "event %s was not written by Kontor: it needs a context of its own"
              .formatted(event.getIdentifier()));
    }
    begun.add(ofStream);
    if (rest.intValue() == 0) {
      var end = new GlobalSequenceTrackingToken(TokenPositions.of(event.trackingToken()) + 1);
      begun.forEach(each -> whole.add(new GenericTrackedDomainEventMessage<>(end, each)));
      begun.clear();
    }
  }

  @Override
  public void close() {
    events.close();
    whole.clear();
  }
}
