package io.kontor.projections.engine;

import io.kontor.projection.Projection;
import io.kontor.projection.write.ProjectionCheckpoint;
import java.util.List;
import org.axonframework.eventhandling.EventMessage;

/** Projects batches into the live generation, as the event processors do. */
final class LiveBatches {
  private final Worker worker;
  private final List<? extends Projection<?>> projections;

  LiveBatches(Worker worker, List<? extends Projection<?>> projections) {
    this.worker = worker;
    this.projections = projections;
    worker.transactions.executeInTransaction(
        () -> projections.forEach(projection -> live(projection).register(projection.version())));
  }

  void take(List<EventMessage<?>> batch) {
    for (Projection<?> projection : projections) {
      worker.transactions.executeInTransaction(
          () -> worker.projector(projection).take(live(projection).advance(batch)));
    }
  }

  private ProjectionCheckpoint live(Projection<?> projection) {
    return new ProjectionCheckpoint(projection.name(), worker.sql);
  }
}
