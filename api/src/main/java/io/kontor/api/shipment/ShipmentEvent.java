package io.kontor.api.shipment;

import io.kontor.personaldata.SealedText;
import java.util.UUID;

/** What can happen to a shipment. {@code reference} is what whoever asked for it called it. */
public sealed interface ShipmentEvent {
  ShipmentId shipment();

  UUID reference();

  /** The carrier is to be asked. */
  record ShipmentRequested(ShipmentId shipment, UUID reference, SealedText address)
      implements ShipmentEvent {}

  record ShipmentScheduled(ShipmentId shipment, UUID reference, String tracking)
      implements ShipmentEvent {}

  record ShipmentRefused(ShipmentId shipment, UUID reference, String reason)
      implements ShipmentEvent {}

  /** The carrier could not be asked; that goes on. */
  record CarrierFailed(ShipmentId shipment, UUID reference, String error)
      implements ShipmentEvent {}

  /** The carrier is to be told. */
  record CancellationRequested(ShipmentId shipment, UUID reference) implements ShipmentEvent {}

  record ShipmentCancelled(ShipmentId shipment, UUID reference) implements ShipmentEvent {}

  record CancellationRefused(ShipmentId shipment, UUID reference, String reason)
      implements ShipmentEvent {}
}
