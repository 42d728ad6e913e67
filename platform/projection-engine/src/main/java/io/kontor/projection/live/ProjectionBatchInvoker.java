package io.kontor.projection.live;

import io.kontor.projection.EventContext;
import io.kontor.projection.write.ProjectorGroup;
import io.kontor.projection.write.ReadModelChange;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Collects the events of a unit of work and projects them as one batch into all read models before
 * the commit, in the transaction that stores the token. Segments divide by tenant, so both events
 * of a transfer are in the same segment.
 */
final class ProjectionBatchInvoker implements EventHandlerInvoker {
  private static final String BATCH = "ReadModels/Batch";
  private static final String LEFT_OUT = "ReadModels/LeftOut";
  private static final String CHANGED = "ReadModels/Changed";

  private final ProjectorGroup group;
  private final Committed committed;

  /** Receives the outcome of a batch after its commit. */
  interface Committed {
    /**
     * @param position of the batch's last event
     * @param leftOut the projections that have not got there
     * @param changed what the batch changed
     */
    void accept(long position, Set<String> leftOut, List<ReadModelChange> changed);
  }

  ProjectionBatchInvoker(ProjectorGroup group, Committed committed) {
    this.group = group;
    this.committed = committed;
  }

  @Override
  public boolean canHandle(EventMessage<?> event, Segment segment) {
    return segment.matches(Objects.hashCode(event.getMetaData().get(TenantMessageInterceptor.KEY)));
  }

  @Override
  public void handle(EventMessage<?> event, Segment segment) {
    UnitOfWork<?> unit = CurrentUnitOfWork.get();
    List<EventMessage<?>> batch = unit.getOrComputeResource(BATCH, key -> newBatch(unit));
    batch.add(event);
  }

  private List<EventMessage<?>> newBatch(UnitOfWork<?> unit) {
    List<EventMessage<?>> batch = new ArrayList<>();
    unit.onPrepareCommit(
        u -> {
          List<ReadModelChange> changed = new ArrayList<>();
          u.resources().put(LEFT_OUT, group.take(batch, changed));
          u.resources().put(CHANGED, changed);
        });
    unit.afterCommit(
        u ->
            committed.accept(
                EventContext.position(batch.getLast()),
                u.getResource(LEFT_OUT),
                u.getResource(CHANGED)));
    return batch;
  }

  @Override
  public boolean supportsReset() {
    return false;
  }
}
