package io.kontor.notifications;

import io.kontor.notifications.store.NotificationWriter;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Collects the events of a batch and writes what they notify of before the commit, in the
 * transaction that stores the token. Takes every event, so that its token moves with each batch.
 */
@ProcessingGroup(NotificationProcessor.PROCESSOR)
public class NotificationProcessor {
  public static final String PROCESSOR = "notifications";

  private static final String BATCH = "Notifications/Batch";

  private final NotificationWriter writer;

  NotificationProcessor(NotificationWriter writer) {
    this.writer = writer;
  }

  @EventHandler
  void on(EventMessage<?> event) {
    UnitOfWork<?> unit = CurrentUnitOfWork.get();
    List<EventMessage<?>> batch = unit.getOrComputeResource(BATCH, key -> newBatch(unit));
    batch.add(event);
  }

  private List<EventMessage<?>> newBatch(UnitOfWork<?> unit) {
    List<EventMessage<?>> batch = new ArrayList<>();
    unit.onPrepareCommit(ending -> writer.write(batch));
    return batch;
  }
}
