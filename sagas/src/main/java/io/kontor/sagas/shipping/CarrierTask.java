package io.kontor.sagas.shipping;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.kontor.api.shipment.ShipmentCommand;
import io.kontor.api.shipment.ShipmentCommand.RecordBooking;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellation;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellationRefusal;
import io.kontor.api.shipment.ShipmentCommand.RecordFault;
import io.kontor.api.shipment.ShipmentCommand.RecordRefusal;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.personal.Personal;
import io.kontor.resilience.Reply;
import io.kontor.sagas.commands.Answer;
import io.kontor.sagas.commands.Commands;
import io.kontor.sagas.schedule.ComeBack;
import io.kontor.sagas.schedule.NotYet;
import io.kontor.sagas.schedule.TaskSpans;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the carrier and tells the shipment what it said. A call without an answer is repeated after
 * a pause, an open circuit included; whoever waits for the shipment knows for how long.
 */
public final class CarrierTask {
  static final TaskDescriptor<String> BOOK = TaskDescriptor.of("book-shipment", String.class);
  static final TaskDescriptor<String> CANCEL = TaskDescriptor.of("cancel-shipment", String.class);

  private static final JsonMapper JSON = new JsonMapper();

  private final Carrier carrier;
  private final Commands commands;

  private CarrierTask(Carrier carrier, Commands commands) {
    this.carrier = carrier;
    this.commands = commands;
  }

  /** The tasks as db-scheduler knows them. */
  public static List<Task<?>> tasks(
      Carrier carrier, Commands commands, ShippingProperties properties) {
    var task = new CarrierTask(carrier, commands);
    return List.of(
        Tasks.oneTime(BOOK)
            .onFailure(new ComeBack<>(properties.backoff()))
            .execute(
                (instance, context) ->
                    task.book(ShipmentId.parse(instance.getId()), Work.read(instance.getData()))),
        Tasks.oneTime(CANCEL)
            .onFailure(new ComeBack<>(properties.backoff()))
            .execute(
                (instance, context) ->
                    task.cancel(
                        ShipmentId.parse(instance.getId()), Work.read(instance.getData()))));
  }

  private void book(ShipmentId shipment, Work work) {
    var reply = carrier.book(shipment, Objects.requireNonNull(work.address()));
    tell(
        work,
        switch (reply) {
          case Reply.Done<Carrier.Booking>(Carrier.Booking booking) ->
              new RecordBooking(shipment, Objects.requireNonNullElse(booking.tracking(), ""));
          case Reply.Refused<Carrier.Booking> refused ->
              new RecordRefusal(shipment, refused.reason());
          case Reply.Failed<Carrier.Booking> failed -> new RecordFault(shipment, failed.detail());
        });
  }

  /** What the carrier never heard of, it won't bring. */
  private void cancel(ShipmentId shipment, Work work) {
    var reply = carrier.cancel(shipment);
    tell(
        work,
        switch (reply) {
          case Reply.Done<Carrier.Booking> _ -> new RecordCancellation(shipment);
          case Reply.Refused<Carrier.Booking> refused when refused.isUnknown() ->
              new RecordCancellation(shipment);
          case Reply.Refused<Carrier.Booking> refused ->
              new RecordCancellationRefusal(shipment, refused.reason());
          case Reply.Failed<Carrier.Booking> failed -> new RecordFault(shipment, failed.detail());
        });
  }

  private void tell(Work work, ShipmentCommand news) {
    Answer answer = commands.send(news.shipment().tenant(), work.correlation(), news);
    if (news instanceof RecordFault(ShipmentId shipment, String error)) {
      throw new NotYet("the carrier was not reached for %s: %s".formatted(shipment, error));
    }
    if (answer instanceof Answer.Failed(String error)) {
      throw new NotYet("shipment %s can't be told: %s".formatted(news.shipment(), error));
    }
  }

  /**
   * What is to be known for asking.
   *
   * @param traceParent what it continues, see {@link TaskSpans}
   * @param address where to, for a booking
   */
  record Work(String correlation, @Nullable String traceParent, @Nullable Personal address) {
    static Work of(@Nullable String cause, @Nullable Personal address) {
      return new Work(Objects.requireNonNullElse(cause, "shipping"), TaskSpans.current(), address);
    }

    static Work read(String json) {
      return JSON.readValue(json, Work.class);
    }

    String written() {
      return JSON.writeValueAsString(this);
    }
  }
}
