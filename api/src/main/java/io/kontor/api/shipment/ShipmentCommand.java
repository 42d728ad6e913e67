package io.kontor.api.shipment;

import io.kontor.personaldata.SealedText;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Commands to a shipment: requests, and the carrier's responses. Each is idempotent. */
public sealed interface ShipmentCommand {
  ShipmentId shipment();

  /**
   * @param reference the requester's reference, opaque here and repeated in every event
   * @param address a sealed {@link PostalAddress}
   */
  record RequestShipment(
      @TargetAggregateIdentifier ShipmentId shipment, UUID reference, SealedText address)
      implements ShipmentCommand {}

  /** The carrier accepted the shipment. */
  record RecordBooking(@TargetAggregateIdentifier ShipmentId shipment, String tracking)
      implements ShipmentCommand {}

  /** The carrier refused the shipment. */
  record RecordRefusal(@TargetAggregateIdentifier ShipmentId shipment, String reason)
      implements ShipmentCommand {}

  /** The carrier gave no usable response; the call is retried. */
  record RecordFault(@TargetAggregateIdentifier ShipmentId shipment, String error)
      implements ShipmentCommand {}

  /** Cancels a shipment, or prevents one that was not requested yet. */
  record CancelShipment(@TargetAggregateIdentifier ShipmentId shipment, UUID reference)
      implements ShipmentCommand {}

  /** The carrier confirmed the cancellation. */
  record RecordCancellation(@TargetAggregateIdentifier ShipmentId shipment)
      implements ShipmentCommand {}

  /** The carrier refused the cancellation. */
  record RecordCancellationRefusal(@TargetAggregateIdentifier ShipmentId shipment, String reason)
      implements ShipmentCommand {}
}
