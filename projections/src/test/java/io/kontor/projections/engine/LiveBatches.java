package io.kontor.projections.engine;

import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.write.PageProjector;
import io.kontor.projection.write.ProjectionCheckpoint;
import io.kontor.projection.write.ProjectorGroup;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.EventMessage;

/** Projects batches into the live generation, as the event processor does. */
final class LiveBatches {
  private final Worker worker;
  private final List<? extends Projection<?>> projections;
  private final ProjectorGroup group;

  LiveBatches(Worker worker, List<? extends Projection<?>> projections) {
    this.worker = worker;
    this.projections = projections;
    this.group = new ProjectorGroup(projections, worker.asProcessor());
    worker.transactions.executeInTransaction(
        () ->
            projections.forEach(
                projection ->
                    new ProjectionCheckpoint(projection.name(), worker.sql)
                        .register(projection.version())));
  }

  /** Projects a batch into all that are level, then brings the others there. */
  void take(List<EventMessage<?>> batch) {
    Set<String> leftOut = takeTogether(batch);
    for (Projection<?> projection : projections) {
      if (leftOut.contains(projection.name())) {
        var page = new PageProjector(projection, worker.asProcessor(), worker.pages());
        long to = EventContext.position(batch.getLast());
        worker.transactions.executeInTransaction(() -> page.advance(to, Long.MAX_VALUE / 2));
      }
    }
  }

  /** Projects a batch into all that are level and returns the others. */
  Set<String> takeTogether(List<EventMessage<?>> batch) {
    return worker.transactions.fetchInTransaction(() -> group.take(batch));
  }
}
