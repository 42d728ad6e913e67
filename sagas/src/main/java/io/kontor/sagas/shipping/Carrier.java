package io.kontor.sagas.shipping;

import io.kontor.api.shipment.ShipmentId;
import io.kontor.personal.Personal;
import io.kontor.personal.PersonalData;
import io.kontor.resilience.Fault;
import io.kontor.resilience.ForeignText;
import io.kontor.resilience.Remote;
import io.kontor.resilience.Reply;
import io.kontor.tenancy.Tenancy;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who brings shipments. Both calls are idempotent by the shipment's reference, and a cancellation
 * wins over a booking that comes later.
 */
public final class Carrier implements AutoCloseable {
  private static final int GONE = 410;
  private static final int NOT_FOUND = 404;
  private static final Reply<Booking> NOBODY =
      new Reply.Refused<>(NOT_FOUND, "no carrier is configured");

  /** Its refusals for good; every other status says something about the call. */
  private static final Set<Integer> REFUSALS = Set.of(409, GONE, 422);

  private static final Set<Integer> REFUSALS_OR_UNKNOWN = Set.of(NOT_FOUND, 409, GONE, 422);

  private final @Nullable Remote remote;
  private final PersonalData personalData;
  private final JsonMapper json = new JsonMapper();

  /**
   * @param remote none, when null: then nothing is shipped
   */
  public Carrier(@Nullable Remote remote, PersonalData personalData) {
    this.remote = remote;
    this.personalData = personalData;
  }

  /** Nothing is brought to somebody who was forgotten; what was booked before is. */
  Reply<Booking> book(ShipmentId shipment, Personal address) {
    if (remote == null) {
      return NOBODY;
    }
    String text = Tenancy.call(shipment.tenant(), () -> personalData.reveal(address));
    if (text.equals(PersonalData.FORGOTTEN)) {
      return forgotten(shipment, remote.get(path(shipment), Booking.class));
    }
    var order = new Order(json.readTree(text));
    return of(shipment, State.BOOKED, remote.put(path(shipment), order, Booking.class), REFUSALS);
  }

  Reply<Booking> cancel(ShipmentId shipment) {
    return remote == null
        ? NOBODY
        : of(
            shipment,
            State.CANCELLED,
            remote.post(path(shipment) + "/cancel", null, Booking.class),
            REFUSALS_OR_UNKNOWN);
  }

  @Override
  public void close() {
    if (remote != null) {
      remote.close();
    }
  }

  private static Reply<Booking> forgotten(ShipmentId shipment, Reply<Booking> known) {
    boolean isNotBooked =
        switch (known) {
          case Reply.Done<Booking>(Booking booking) -> booking.state() != State.BOOKED;
          case Reply.Refused<Booking> refused -> refused.isUnknown();
          case Reply.Failed<Booking> _ -> false;
        };
    return isNotBooked
        ? new Reply.Refused<>(GONE, "the addressee was forgotten")
        : of(shipment, State.BOOKED, known, Set.of());
  }

  /** An answer about another shipment, or of another state than what was asked for, is none. */
  private static Reply<Booking> of(
      ShipmentId shipment, State wanted, Reply<Booking> reply, Set<Integer> refusals) {
    return switch (reply) {
      case Reply.Done<Booking>(Booking booking) when !booking.isOf(shipment) ->
          new Reply.Failed<>(Fault.UNREADABLE, "the answer is about another shipment");
      case Reply.Done<Booking>(Booking booking) when booking.state() != wanted ->
          new Reply.Failed<>(Fault.UNREADABLE, "the answer is that it is " + booking.state());
      case Reply.Refused<Booking>(int status, String reason) when !refusals.contains(status) ->
          new Reply.Failed<>(Fault.SERVER, "status %d: %s".formatted(status, reason));
      default -> reply;
    };
  }

  private static String path(ShipmentId shipment) {
    return "/shipments/" + shipment.uuid();
  }

  record Order(JsonNode address) {}

  enum State {
    BOOKED,
    CANCELLED,
    REFUSED
  }

  /**
   * How a shipment stands there.
   *
   * @param reference the shipment, where the answer repeats it
   * @param tracking the number by which the carrier finds it, as {@link ForeignText#line}; empty
   *     when it gave none
   */
  record Booking(@Nullable String reference, State state, String tracking) {
    Booking {
      Objects.requireNonNull(state, "state: is missing");
      tracking = ForeignText.line(tracking, "");
    }

    boolean isOf(ShipmentId shipment) {
      return reference == null || reference.equals(shipment.uuid().toString());
    }
  }
}
