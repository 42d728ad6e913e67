package io.kontor.sagas.shipping;

import io.kontor.api.shipment.ShipmentId;
import io.kontor.personal.Personal;
import io.kontor.personal.PersonalData;
import io.kontor.resilience.Remote;
import io.kontor.resilience.Reply;
import io.kontor.tenancy.Tenancy;
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

  /** Nothing is brought to somebody who was forgotten. */
  Reply<Booking> book(ShipmentId shipment, Personal address) {
    if (remote == null) {
      return new Reply.Refused<>(NOT_FOUND, "no carrier is configured");
    }
    String text = Tenancy.call(shipment.tenant(), () -> personalData.reveal(address));
    return text.equals(PersonalData.FORGOTTEN)
        ? new Reply.Refused<>(GONE, "the addressee was forgotten")
        : remote.put(path(shipment), new Order(json.readTree(text)), Booking.class);
  }

  Reply<Booking> cancel(ShipmentId shipment) {
    return remote == null
        ? new Reply.Refused<>(NOT_FOUND, "no carrier is configured")
        : remote.post(path(shipment) + "/cancel", null, Booking.class);
  }

  @Override
  public void close() {
    if (remote != null) {
      remote.close();
    }
  }

  private static String path(ShipmentId shipment) {
    return "/shipments/" + shipment.uuid();
  }

  record Order(JsonNode address) {}

  /**
   * @param tracking the number by which the carrier finds it
   */
  record Booking(@Nullable String tracking) {}
}
