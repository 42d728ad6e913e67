package io.kontor.sagas.shipment;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.shipment.ShipmentCommand;
import io.kontor.api.shipment.ShipmentCommand.RecordBooking;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellation;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellationRefusal;
import io.kontor.api.shipment.ShipmentCommand.RecordFault;
import io.kontor.api.shipment.ShipmentCommand.RecordRefusal;
import io.kontor.api.shipment.ShipmentEvent.CancellationRequested;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRequested;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.httpclient.CallResult;
import io.kontor.job.RetriedTask;
import io.kontor.job.RetryLaterException;
import io.kontor.job.TaskProvider;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.personaldata.SealedText;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.sagas.shipment.CarrierClient.Booking;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Whenever a shipment is requested it is booked with the carrier, and whenever its cancellation is
 * requested it is cancelled there. A failed call, also for an open circuit breaker, is retried
 * until it is given up; the waiting order has its own, earlier deadline.
 */
@ProcessingGroup(ShipmentPolicy.PROCESSOR)
public class ShipmentPolicy implements TaskProvider {
  public static final String PROCESSOR = "shipping";

  static final TaskDescriptor<String> BOOK = TaskDescriptor.of("book-shipment", String.class);
  static final TaskDescriptor<String> CANCEL = TaskDescriptor.of("cancel-shipment", String.class);

  private final TransactionalJobScheduler jobs;
  private final SystemCommandSender commands;
  private final CarrierClient carrier;
  private final CarrierProperties properties;
  private final InstantSource clock;

  public ShipmentPolicy(
      TransactionalJobScheduler jobs,
      SystemCommandSender commands,
      CarrierClient carrier,
      CarrierProperties properties,
      InstantSource clock) {
    this.jobs = jobs;
    this.commands = commands;
    this.carrier = carrier;
    this.properties = properties;
    this.clock = clock;
  }

  // Booking.

  @EventHandler
  void on(ShipmentRequested requested, EventMessage<?> event) {
    runNow(BOOK, event, requested.shipment(), requested.address());
  }

  private ShipmentCommand book(ShipmentId shipment, CarrierTaskData data) {
    return switch (carrier.book(shipment, data.requireAddress())) {
      case CallResult.Done<Booking>(Booking booking) ->
          new RecordBooking(shipment, booking.tracking());
      case CallResult.Refused<Booking> rejected -> new RecordRefusal(shipment, rejected.reason());
      case CallResult.Failed<Booking> failed -> new RecordFault(shipment, failed.detail());
    };
  }

  /** A booking that succeeded nevertheless is cancelled when the order is compensated. */
  private static ShipmentCommand bookingGivenUp(ShipmentId shipment, String reason) {
    return new RecordFault(shipment, reason);
  }

  // Cancellation, which undoes a booking and prevents one that arrives late.

  @EventHandler
  void on(CancellationRequested requested, EventMessage<?> event) {
    jobs.cancel(BOOK.instanceId(requested.shipment().toString()));
    runNow(CANCEL, event, requested.shipment(), null);
  }

  /** A shipment unknown to the carrier counts as cancelled. */
  private ShipmentCommand cancel(ShipmentId shipment, CarrierTaskData data) {
    return switch (carrier.cancel(shipment)) {
      case CallResult.Done<Booking> _ -> new RecordCancellation(shipment);
      case CallResult.Refused<Booking> rejected when rejected.isUnknown() ->
          new RecordCancellation(shipment);
      case CallResult.Refused<Booking> rejected ->
          new RecordCancellationRefusal(shipment, rejected.reason());
      case CallResult.Failed<Booking> failed -> new RecordFault(shipment, failed.detail());
    };
  }

  private static ShipmentCommand cancellationGivenUp(ShipmentId shipment, String reason) {
    return new RecordCancellationRefusal(shipment, reason);
  }

  @Override
  public List<Task<?>> tasks() {
    return List.of(
        RetriedTask.of(
            BOOK,
            properties.backoff(),
            clock,
            new Attempts(this::book, ShipmentPolicy::bookingGivenUp)),
        RetriedTask.of(
            CANCEL,
            properties.backoff(),
            clock,
            new Attempts(this::cancel, ShipmentPolicy::cancellationGivenUp)));
  }

  /** Schedules the task to run right after the commit, once for each shipment. */
  private void runNow(
      TaskDescriptor<String> task,
      EventMessage<?> event,
      ShipmentId shipment,
      @Nullable SealedText address) {
    Instant now = clock.instant();
    var data = CarrierTaskData.of(event, address, now.plus(properties.giveUpAfter()));
    jobs.scheduleNow(task.instance(shipment.toString()).data(data.toJson()).build(), now);
  }

  /** Calls the carrier and records the result, or that it was given up, in the shipment. */
  private final class Attempts implements RetriedTask.Attempts {
    private final BiFunction<ShipmentId, CarrierTaskData, ShipmentCommand> call;
    private final BiFunction<ShipmentId, String, ShipmentCommand> givenUp;

    Attempts(
        BiFunction<ShipmentId, CarrierTaskData, ShipmentCommand> call,
        BiFunction<ShipmentId, String, ShipmentCommand> givenUp) {
      this.call = call;
      this.givenUp = givenUp;
    }

    @Override
    public void run(String instance, String data) {
      CarrierTaskData taskData = CarrierTaskData.parse(data);
      ShipmentCommand result = call.apply(ShipmentId.parse(instance), taskData);
      record(taskData.correlation(), result);
      if (result instanceof RecordFault fault) {
        throw new RetryLaterException("no result from the carrier: " + fault.error());
      }
    }

    @Override
    public @Nullable Instant deadline(String data) {
      return CarrierTaskData.parse(data).until();
    }

    @Override
    public void giveUp(String instance, String data, String reason) {
      record(instance, givenUp.apply(ShipmentId.parse(instance), reason));
    }

    private void record(String correlation, ShipmentCommand result) {
      commands.sendOrRetry(result.shipment().tenant(), correlation, result, "the shipment");
    }
  }
}
