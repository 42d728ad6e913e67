package io.kontor.eventstore.append;

import io.kontor.eventstore.subscription.EventFeed;
import io.kontor.eventstore.subscription.EventFeedStream;
import io.kontor.eventstore.subscription.TokenPositions;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** Axon's event store with subscriptions on the {@link EventFeed}. */
public final class PostgresEventStore extends DurableEventStore {
  private final PostgresEventStorageEngine engine;
  private final EventFeed feed;

  public PostgresEventStore(PostgresEventStorageEngine engine, EventFeed feed) {
    super(engine);
    this.engine = engine;
    this.feed = feed;
  }

  @Override
  public TrackingEventStream openStream(@Nullable TrackingToken trackingToken) {
    return new EventFeedStream(feed, engine::pageAfter, TokenPositions.of(trackingToken));
  }

  @Override
  public void settle(UnitOfWork<?> unitOfWork) {
    engine.settle(unitOfWork);
  }
}
