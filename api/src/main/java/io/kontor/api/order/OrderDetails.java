package io.kontor.api.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.message.VersionedResult;
import io.kontor.api.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The read model of an order, with its timeline, oldest first. */
public record OrderDetails(
    UUID id,
    OrderStatus status,
    UUID account,
    Money total,
    List<OrderLine> items,
    Payment payment,
    Reservation reservation,
    Shipment shipment,
    List<Happening> timeline,
    long version)
    implements VersionedResult {

  public record Payment(UUID hold, PaymentStatus status) {}

  public record Reservation(ReservationStatus status) {}

  /**
   * @param tracking the carrier's number, once there is one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Shipment(UUID id, ShipmentStatus status, @Nullable String tracking) {}

  public enum PaymentStatus {
    NONE,
    HELD,
    CAPTURED,
    RELEASED,
    REFUNDED
  }

  public enum ReservationStatus {
    NONE,
    RESERVED,
    SHIPPED,
    RELEASED
  }

  public enum ShipmentStatus {
    NONE,
    SCHEDULED,
    CANCELLED
  }

  /** An entry of the timeline. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Happening(Instant at, String step, Outcome outcome, @Nullable String detail) {}

  /** The outcome of a step, or another decision about it. */
  public enum Outcome {
    DONE,
    FAILED,
    REQUESTED,
    UNDONE,
    NEEDS_ATTENTION,
    RETRIED,
    SETTLED_BY_HAND
  }
}
