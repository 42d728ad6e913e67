package io.kontor.eventstore;

import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** Axon's event store whose readers follow the {@link EventFeed}. */
final class PostgresEventStore extends DurableEventStore {
  private final PostgresEventStorageEngine engine;
  private final EventFeed feed;

  PostgresEventStore(PostgresEventStorageEngine engine, EventFeed feed) {
    super(engine);
    this.engine = engine;
    this.feed = feed;
  }

  @Override
  public TrackingEventStream openStream(@Nullable TrackingToken trackingToken) {
    return new EventFeedStream(feed, engine::pageAfter, TokenPositions.of(trackingToken));
  }

  @Override
  void settle(UnitOfWork<?> unitOfWork) {
    engine.settle(unitOfWork);
  }
}
