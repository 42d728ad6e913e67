package io.kontor.sagas.shipment;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.api.shipment.ShipmentCommand;
import io.kontor.api.shipment.ShipmentCommand.RecordBooking;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellation;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellationRefusal;
import io.kontor.api.shipment.ShipmentCommand.RecordFault;
import io.kontor.api.shipment.ShipmentCommand.RecordRefusal;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.job.JobTracing;
import io.kontor.job.RetriedTask;
import io.kontor.job.RetryLaterException;
import io.kontor.personaldata.SealedText;
import io.kontor.resilience.CallResult;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the carrier and records its response in the shipment. A failed call, also for an open
 * circuit breaker, is retried with backoff until its deadline; the waiting order has its own,
 * earlier deadline.
 */
public final class CarrierTasks {
  static final TaskDescriptor<String> BOOK = TaskDescriptor.of("book-shipment", String.class);
  static final TaskDescriptor<String> CANCEL = TaskDescriptor.of("cancel-shipment", String.class);

  private static final JsonMapper JSON = new JsonMapper();

  private final CarrierClient carrier;
  private final SystemCommandSender commands;

  private CarrierTasks(CarrierClient carrier, SystemCommandSender commands) {
    this.carrier = carrier;
    this.commands = commands;
  }

  /** The db-scheduler tasks. */
  public static List<Task<?>> tasks(
      CarrierClient carrier,
      SystemCommandSender commands,
      CarrierProperties properties,
      InstantSource clock) {
    var task = new CarrierTasks(carrier, commands);
    // A booking that succeeded nevertheless is cancelled when the order is compensated.
    var book = task.new Attempts(task::book, (shipment, why) -> new RecordFault(shipment, why));
    var cancel = task.new Attempts(task::cancel, RecordCancellationRefusal::new);
    return List.of(
        RetriedTask.of(BOOK, properties.backoff(), clock, book),
        RetriedTask.of(CANCEL, properties.backoff(), clock, cancel));
  }

  /** A call, and the command that records that it was given up. */
  private final class Attempts implements RetriedTask.Attempts {
    private final BiConsumer<ShipmentId, Work> call;
    private final BiFunction<ShipmentId, String, ShipmentCommand> givenUp;

    Attempts(
        BiConsumer<ShipmentId, Work> call,
        BiFunction<ShipmentId, String, ShipmentCommand> givenUp) {
      this.call = call;
      this.givenUp = givenUp;
    }

    @Override
    public void run(String instance, String data) {
      call.accept(ShipmentId.parse(instance), Work.read(data));
    }

    @Override
    public @Nullable Instant deadline(String data) {
      return Work.read(data).until();
    }

    @Override
    public void giveUp(String instance, String data, String why) {
      send(instance, givenUp.apply(ShipmentId.parse(instance), why));
    }
  }

  private void book(ShipmentId shipment, Work work) {
    var reply = carrier.book(shipment, Objects.requireNonNull(work.address()));
    report(
        work,
        switch (reply) {
          case CallResult.Done<CarrierClient.Booking>(CarrierClient.Booking booking) ->
              new RecordBooking(shipment, booking.tracking());
          case CallResult.Refused<CarrierClient.Booking> refused ->
              new RecordRefusal(shipment, refused.reason());
          case CallResult.Failed<CarrierClient.Booking> failed ->
              new RecordFault(shipment, failed.detail());
        });
  }

  /** A shipment unknown to the carrier counts as cancelled. */
  private void cancel(ShipmentId shipment, Work work) {
    var reply = carrier.cancel(shipment);
    report(
        work,
        switch (reply) {
          case CallResult.Done<CarrierClient.Booking> _ -> new RecordCancellation(shipment);
          case CallResult.Refused<CarrierClient.Booking> refused when refused.isUnknown() ->
              new RecordCancellation(shipment);
          case CallResult.Refused<CarrierClient.Booking> refused ->
              new RecordCancellationRefusal(shipment, refused.reason());
          case CallResult.Failed<CarrierClient.Booking> failed ->
              new RecordFault(shipment, failed.detail());
        });
  }

  private void report(Work work, ShipmentCommand command) {
    send(work.correlation(), command);
    if (command instanceof RecordFault(ShipmentId shipment, String error)) {
      throw new RetryLaterException(shipment, "the carrier was not reached: " + error);
    }
  }

  private void send(String correlation, ShipmentCommand command) {
    CommandOutcome outcome = commands.send(command.shipment().tenant(), correlation, command);
    if (outcome instanceof CommandOutcome.Failed(String error)) {
      throw new RetryLaterException(command.shipment(), "the shipment can't be told: " + error);
    }
  }

  /**
   * Data of a carrier task.
   *
   * @param traceParent trace to continue, see {@link JobTracing}
   * @param address destination of a booking; null for a cancellation
   * @param until when the task is given up; null in data of earlier versions
   */
  record Work(
      String correlation,
      @Nullable String traceParent,
      @Nullable SealedText address,
      @Nullable Instant until) {
    static Work of(@Nullable String cause, @Nullable SealedText address, Instant until) {
      return new Work(
          Objects.requireNonNullElse(cause, "shipping"),
          JobTracing.currentTraceParent(),
          address,
          until);
    }

    static Work read(String json) {
      return JSON.readValue(json, Work.class);
    }

    String written() {
      return JSON.writeValueAsString(this);
    }
  }
}
