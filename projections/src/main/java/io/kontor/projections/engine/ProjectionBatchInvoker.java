package io.kontor.projections.engine;

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
 * Gathers the events of a unit of work and hands them on as one batch before it commits, in the
 * transaction that also stores the token. Segments are cut between tenants, so a transfer's two
 * events are never taken by two of them.
 */
final class ProjectionBatchInvoker implements EventHandlerInvoker {
  private final String batchKey;
  private final ProjectionCheckpoint live;
  private final Projector<?> projector;
  private final LongConsumer committed;

  /**
   * @param committed is told the position that was reached, once it is visible to others
   */
  ProjectionBatchInvoker(
      String projection,
      ProjectionCheckpoint live,
      Projector<?> projector,
      LongConsumer committed) {
    this.batchKey = "Projection[" + projection + "]/Batch";
    this.live = live;
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
    unit.onPrepareCommit(u -> projector.take(live.advance(batch)));
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
