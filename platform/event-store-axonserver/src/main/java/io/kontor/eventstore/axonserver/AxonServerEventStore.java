package io.kontor.eventstore.axonserver;

import io.kontor.eventstore.append.CommittedPosition;
import io.kontor.eventstore.append.DurableEventStore;
import io.kontor.eventstore.append.LoadedAggregates;
import io.kontor.eventstore.append.QueuedAppend.StreamVersion;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.eventstore.idempotency.PendingIdempotencyRecord;
import io.kontor.eventstore.subscription.TokenPositions;
import java.util.List;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * Axon's event store on Axon Server. A stream's lock is held until Axon Server has confirmed the
 * append: there is no queue, and commands are decided on stored events only.
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

  /** A cached aggregate may lack events of another node, so its version is compared. */
  @Override
  public void settle(UnitOfWork<?> unitOfWork) {
    if (CommittedPosition.of(unitOfWork) != null) {
      return; // events were appended
    }
    LoadedAggregates.in(unitOfWork).versions().forEach(this::demandCurrent);
    IdempotencyRow row = PendingIdempotencyRecord.take(unitOfWork);
    CommittedPosition.set(
        unitOfWork, row == null ? engine.lastPosition() : engine.append(List.of(), row));
  }

  private void demandCurrent(StreamVersion read) {
    long last = engine.lastSequenceNumberFor(read.stream().toString()).orElse(-1L);
    if (last > read.version()) {
      throw new ConcurrencyException("another node has written to the stream");
    }
  }
}
