package io.kontor.api.shipment;

import io.kontor.personaldata.SealedText;
import java.util.UUID;

/** The events of a shipment. {@code reference} is the requester's reference. */
public sealed interface ShipmentEvent {
  ShipmentId shipment();

  UUID reference();

  /** The shipment has to be booked with the carrier. */
  record ShipmentRequested(ShipmentId shipment, UUID reference, SealedText address)
      implements ShipmentEvent {}

  record ShipmentScheduled(ShipmentId shipment, UUID reference, String tracking)
      implements ShipmentEvent {}

  record ShipmentRefused(ShipmentId shipment, UUID reference, String reason)
      implements ShipmentEvent {}

  /** The call to the carrier failed; it is retried. */
  record CarrierFailed(ShipmentId shipment, UUID reference, String error)
      implements ShipmentEvent {}

  /** The shipment has to be cancelled with the carrier. */
  record CancellationRequested(ShipmentId shipment, UUID reference) implements ShipmentEvent {}

  record ShipmentCancelled(ShipmentId shipment, UUID reference) implements ShipmentEvent {}

  record CancellationRefused(ShipmentId shipment, UUID reference, String reason)
      implements ShipmentEvent {}
}
