package io.kontor.eventstore.axonserver;

import io.kontor.eventstore.append.CommittedPosition;
import io.kontor.eventstore.append.DurableEventStore;
import io.kontor.eventstore.append.LoadedAggregates;
import io.kontor.eventstore.append.QueuedAppend.AnswerRow;
import io.kontor.eventstore.append.QueuedAppend.StreamVersion;
import io.kontor.eventstore.idempotency.PendingIdempotencyRecord;
import io.kontor.eventstore.subscription.TokenPositions;
import java.util.List;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * Axon's event store on Axon Server. An append is over when Axon Server has confirmed it, and a
 * stream's lock is held until then: there is no queue, and nothing is decided on what is not
 * stored.
 */
public final class AxonServerEventStore extends DurableEventStore {
  private final AxonServerEventStorageEngine engine;

  public AxonServerEventStore(AxonServerEventStorageEngine engine) {
    super(engine);
    this.engine = engine;
  }

  @Override
  public TrackingEventStream openStream(@Nullable TrackingToken trackingToken) {
    return engine.unitsAfter(TokenPositions.of(trackingToken));
  }

  /** What is at hand may be behind what another node has stored, so it is compared. */
  @Override
  public void settle(UnitOfWork<?> unitOfWork) {
    if (CommittedPosition.of(unitOfWork) != null) {
      return; // its events have been appended
    }
    LoadedAggregates.in(unitOfWork).versions().forEach(this::demandCurrent);
    AnswerRow answer = PendingIdempotencyRecord.take(unitOfWork);
    CommittedPosition.set(
        unitOfWork, answer == null ? engine.lastPosition() : engine.append(List.of(), answer));
  }

  private void demandCurrent(StreamVersion read) {
    long last = engine.lastSequenceNumberFor(read.stream().toString()).orElse(-1L);
    if (last > read.version()) {
      throw new ConcurrencyException("another node has written to the stream");
    }
  }
}
