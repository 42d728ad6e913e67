package io.kontor.sagas.shipment;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.shipment.ShipmentEvent.CancellationRequested;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRequested;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.personaldata.SealedText;
import io.kontor.sagas.shipment.CarrierTasks.Work;
import java.time.Instant;
import java.time.InstantSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.jspecify.annotations.Nullable;

/**
 * Schedules a booking for each requested shipment and a cancellation for each cancellation request,
 * in the transaction that stores the event processor's token; both run right after the commit.
 */
@ProcessingGroup(ShipmentPolicy.PROCESSOR)
public class ShipmentPolicy {
  public static final String PROCESSOR = "shipping";

  private final TransactionalJobScheduler jobs;
  private final CarrierProperties properties;
  private final InstantSource clock;

  public ShipmentPolicy(
      TransactionalJobScheduler jobs, CarrierProperties properties, InstantSource clock) {
    this.jobs = jobs;
    this.properties = properties;
    this.clock = clock;
  }

  @EventHandler
  void on(
      ShipmentRequested requested,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    runNow(CarrierTasks.BOOK, requested.shipment(), cause, requested.address());
  }

  @EventHandler
  void on(
      CancellationRequested requested,
      @MetaDataValue(MessageMetadata.CORRELATION_ID) @Nullable String cause) {
    // Whether booked or being booked, the cancellation wins at the carrier.
    jobs.cancel(CarrierTasks.BOOK.instanceId(requested.shipment().toString()));
    runNow(CarrierTasks.CANCEL, requested.shipment(), cause, null);
  }

  private void runNow(
      TaskDescriptor<String> task,
      ShipmentId shipment,
      @Nullable String cause,
      @Nullable SealedText address) {
    Instant now = clock.instant();
    Work work = Work.of(cause, address, now.plus(properties.giveUpAfter()));
    jobs.scheduleNow(task.instance(shipment.toString()).data(work.written()).build(), now);
  }
}
