package io.kontor.eventstore;

import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/** Axon's event store whose readers follow the {@link EventFeed}. */
final class PostgresEventStore extends AbstractEventStore {
  private final PostgresEventStorageEngine engine;
  private final EventFeed feed;

  PostgresEventStore(PostgresEventStorageEngine engine, EventFeed feed) {
    super(new Settings().storageEngine(engine));
    this.engine = engine;
    this.feed = feed;
  }

  @Override
  public TrackingEventStream openStream(@Nullable TrackingToken trackingToken) {
    return new FeedStream(
        feed, engine::pageAfter, PostgresEventStorageEngine.positionOf(trackingToken));
  }

  /** Whether the current unit of work has applied events that are not appended yet. */
  boolean hasStagedEvents() {
    return !queuedMessages().isEmpty();
  }

  private static final class Settings extends AbstractEventStore.Builder {
    @Override
    public Settings storageEngine(EventStorageEngine engine) {
      super.storageEngine(engine);
      return this;
    }
  }
}
