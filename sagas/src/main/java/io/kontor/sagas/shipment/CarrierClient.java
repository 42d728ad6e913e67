package io.kontor.sagas.shipment;

import io.kontor.api.shipment.ShipmentId;
import io.kontor.httpclient.CallFailure;
import io.kontor.httpclient.CallResult;
import io.kontor.httpclient.ForeignText;
import io.kontor.httpclient.ResilientHttpClient;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantContext;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * HTTP client of the carrier. Both calls are idempotent by the shipment's reference, and a
 * cancellation also prevents a later booking.
 */
public final class CarrierClient implements AutoCloseable {
  private static final int GONE = 410;
  private static final int NOT_FOUND = 404;
  private static final CallResult<Booking> NOT_CONFIGURED =
      new CallResult.Refused<>(NOT_FOUND, "no carrier is configured");

  /** Final rejections of the shipment; every other status is about the call. */
  private static final Set<Integer> REFUSALS = Set.of(409, GONE, 422);

  private static final Set<Integer> REFUSALS_OR_UNKNOWN = Set.of(NOT_FOUND, 409, GONE, 422);

  private final @Nullable ResilientHttpClient remote;
  private final PersonalDataService personalData;
  private final JsonMapper json = new JsonMapper();

  /**
   * @param remote the carrier; null if none is configured, then every call is rejected
   */
  public CarrierClient(@Nullable ResilientHttpClient remote, PersonalDataService personalData) {
    this.remote = remote;
    this.personalData = personalData;
  }

  /** Books a shipment. With the addressee's data erased, only returns a booking made before. */
  CallResult<Booking> book(ShipmentId shipment, SealedText address) {
    if (remote == null) {
      return NOT_CONFIGURED;
    }
    String text = TenantContext.call(shipment.tenant(), () -> personalData.reveal(address));
    if (text.equals(PersonalDataService.FORGOTTEN)) {
      return forgotten(shipment, remote.get(path(shipment), Booking.class));
    }
    var order = new Order(json.readTree(text));
    return of(shipment, State.BOOKED, remote.put(path(shipment), order, Booking.class), REFUSALS);
  }

  CallResult<Booking> cancel(ShipmentId shipment) {
    return remote == null
        ? NOT_CONFIGURED
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

  private static CallResult<Booking> forgotten(ShipmentId shipment, CallResult<Booking> known) {
    boolean isNotBooked =
        switch (known) {
          case CallResult.Done<Booking>(Booking booking) -> booking.state() != State.BOOKED;
          case CallResult.Refused<Booking> refused -> refused.isUnknown();
          case CallResult.Failed<Booking> _ -> false;
        };
    return isNotBooked
        ? new CallResult.Refused<>(GONE, "the addressee was forgotten")
        : of(shipment, State.BOOKED, known, Set.of());
  }

  /** A response about another shipment or with another state than requested is a failure. */
  private static CallResult<Booking> of(
      ShipmentId shipment, State wanted, CallResult<Booking> reply, Set<Integer> refusals) {
    return switch (reply) {
      case CallResult.Done<Booking>(Booking booking) when !booking.isOf(shipment) ->
          new CallResult.Failed<>(CallFailure.UNREADABLE, "the answer is about another shipment");
      case CallResult.Done<Booking>(Booking booking) when booking.state() != wanted ->
          new CallResult.Failed<>(
              CallFailure.UNREADABLE, "the answer is that it is " + booking.state());
      case CallResult.Refused<Booking>(int status, String reason) when !refusals.contains(status) ->
          new CallResult.Failed<>(CallFailure.SERVER, "status %d: %s".formatted(status, reason));
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
   * The standing of a shipment at the carrier.
   *
   * @param reference the shipment, if the response repeats it
   * @param tracking the carrier's tracking number, as {@link ForeignText#line}; empty if there is
   *     none
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
