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
import io.kontor.personaldata.SealedText;
import io.kontor.resilience.CallResult;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.sagas.schedule.JobTracing;
import io.kontor.sagas.schedule.RetriedTask;
import io.kontor.sagas.schedule.RetryLaterException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the carrier and tells the shipment what it said. A call without an answer is repeated after
 * a pause, an open circuit included, until its time is over; the order that waits for the shipment
 * has a deadline of its own, which is earlier.
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

  /** The tasks as db-scheduler knows them. */
  public static List<Task<?>> tasks(
      CarrierClient carrier,
      SystemCommandSender commands,
      CarrierProperties properties,
      InstantSource clock) {
    var task = new CarrierTasks(carrier, commands);
    // What may have been booked all the same is cancelled once the order turns back.
    var book = task.new Attempts(task::book, (shipment, why) -> new RecordFault(shipment, why));
    var cancel = task.new Attempts(task::cancel, RecordCancellationRefusal::new);
    return List.of(
        RetriedTask.of(BOOK, properties.backoff(), clock, book),
        RetriedTask.of(CANCEL, properties.backoff(), clock, cancel));
  }

  /** What is asked, and what the shipment is told when it is given up. */
  private final class Attempts implements RetriedTask.Attempts {
    private final BiConsumer<ShipmentId, Work> ask;
    private final BiFunction<ShipmentId, String, ShipmentCommand> end;

    Attempts(
        BiConsumer<ShipmentId, Work> ask, BiFunction<ShipmentId, String, ShipmentCommand> end) {
      this.ask = ask;
      this.end = end;
    }

    @Override
    public void run(String instance, String data) {
      ask.accept(ShipmentId.parse(instance), Work.read(data));
    }

    @Override
    public @Nullable Instant deadline(String data) {
      return Work.read(data).until();
    }

    @Override
    public void giveUp(String instance, String data, String why) {
      send(instance, end.apply(ShipmentId.parse(instance), why));
    }
  }

  private void book(ShipmentId shipment, Work work) {
    var reply = carrier.book(shipment, Objects.requireNonNull(work.address()));
    tell(
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

  /** What the carrier never heard of, it won't bring. */
  private void cancel(ShipmentId shipment, Work work) {
    var reply = carrier.cancel(shipment);
    tell(
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

  private void tell(Work work, ShipmentCommand news) {
    send(work.correlation(), news);
    if (news instanceof RecordFault(ShipmentId shipment, String error)) {
      throw new RetryLaterException(shipment, "the carrier was not reached: " + error);
    }
  }

  private void send(String correlation, ShipmentCommand news) {
    CommandOutcome answer = commands.send(news.shipment().tenant(), correlation, news);
    if (answer instanceof CommandOutcome.Failed(String error)) {
      throw new RetryLaterException(news.shipment(), "the shipment can't be told: " + error);
    }
  }

  /**
   * What is to be known for asking.
   *
   * @param traceParent what it continues, see {@link JobTracing}
   * @param address where to, for a booking
   * @param until when it is given up; earlier versions wrote none
   */
  record Work(
      String correlation,
      @Nullable String traceParent,
      @Nullable SealedText address,
      @Nullable Instant until) {
    static Work of(@Nullable String cause, @Nullable SealedText address, Instant until) {
      return new Work(
          Objects.requireNonNullElse(cause, "shipping"), JobTracing.current(), address, until);
    }

    static Work read(String json) {
      return JSON.readValue(json, Work.class);
    }

    String written() {
      return JSON.writeValueAsString(this);
    }
  }
}
