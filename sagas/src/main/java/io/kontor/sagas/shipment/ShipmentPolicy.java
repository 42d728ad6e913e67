package io.kontor.sagas.shipment;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.shipment.ShipmentEvent.CancellationRequested;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRequested;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.personaldata.SealedText;
import io.kontor.sagas.schedule.TransactionalJobScheduler;
import io.kontor.sagas.shipment.CarrierTasks.Work;
import java.time.Instant;
import java.time.InstantSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.jspecify.annotations.Nullable;

/**
 * Whenever a shipment was requested, book it; whenever it is not wanted any more, cancel it. What
 * to do is written in the transaction in which the processor's progress is, and begun right after.
 */
@ProcessingGroup(ShipmentPolicy.PROCESSOR)
public class ShipmentPolicy {
  /** The event processor's name. */
  public static final String PROCESSOR = "shipping";

  private final TransactionalJobScheduler agenda;
  private final CarrierProperties properties;
  private final InstantSource clock;

  public ShipmentPolicy(
      TransactionalJobScheduler agenda, CarrierProperties properties, InstantSource clock) {
    this.agenda = agenda;
    this.properties = properties;
    this.clock = clock;
  }

  @EventHandler
  void on(
      ShipmentRequested requested,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    ask(CarrierTasks.BOOK, requested.shipment(), cause, requested.address());
  }

  @EventHandler
  void on(
      CancellationRequested requested,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    // Booked or being booked, the carrier's last word is the cancellation.
    agenda.remove(CarrierTasks.BOOK.instanceId(requested.shipment().toString()));
    ask(CarrierTasks.CANCEL, requested.shipment(), cause, null);
  }

  private void ask(
      TaskDescriptor<String> task,
      ShipmentId shipment,
      @Nullable String cause,
      @Nullable SealedText address) {
    Instant now = clock.instant();
    Work work = Work.of(cause, address, now.plus(properties.giveUpAfter()));
    agenda.putFirst(task.instance(shipment.toString()).data(work.written()).build(), now);
  }
}
