package io.kontor.projection.live;

import io.kontor.projection.EventContext;
import io.kontor.projection.write.ProjectionCheckpoint;
import io.kontor.projection.write.Projector;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Collects the events of a unit of work and projects them as one batch before the commit, in the
 * transaction that stores the token. Segments divide by tenant, so both events of a transfer are in
 * the same segment.
 */
final class ProjectionBatchInvoker implements EventHandlerInvoker {
  private final String batchKey;
  private final ProjectionCheckpoint checkpoint;
  private final Projector<?> projector;
  private final LongConsumer committed;

  /**
   * @param committed receives the position reached, after the commit
   */
  ProjectionBatchInvoker(
      String projection,
      ProjectionCheckpoint checkpoint,
      Projector<?> projector,
      LongConsumer committed) {
    this.batchKey = "Projection[" + projection + "]/Batch";
    this.checkpoint = checkpoint;
    this.projector = projector;
    this.committed = committed;
  }

  @Override
  public boolean canHandle(EventMessage<?> event, Segment segment) {
    return segment.matches(Objects.hashCode(event.getMetaData().get(TenantMessageInterceptor.KEY)));
  }

  @Override
  public void handle(EventMessage<?> event, Segment segment) {
    UnitOfWork<?> unit = CurrentUnitOfWork.get();
    List<EventMessage<?>> batch = unit.getOrComputeResource(batchKey, key -> newBatch(unit));
    batch.add(event);
  }

  private List<EventMessage<?>> newBatch(UnitOfWork<?> unit) {
    List<EventMessage<?>> batch = new ArrayList<>();
    unit.onPrepareCommit(u -> projector.take(checkpoint.advance(batch)));
    unit.afterCommit(
        u ->
            committed.accept(
                EventContext.position(((TrackedEventMessage<?>) batch.getLast()).trackingToken())));
    return batch;
  }

  @Override
  public boolean supportsReset() {
    return false;
  }
}
