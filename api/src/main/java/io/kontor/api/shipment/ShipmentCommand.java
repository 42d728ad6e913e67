package io.kontor.api.shipment;

import io.kontor.personaldata.SealedText;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * What can be asked of a shipment, and what the carrier's answers are told as. Each may be said
 * twice.
 */
public sealed interface ShipmentCommand {
  ShipmentId shipment();

  /**
   * @param reference what it is for, which means nothing here and is echoed in every event
   * @param address an {@link PostalAddress}, sealed
   */
  record RequestShipment(
      @TargetAggregateIdentifier ShipmentId shipment, UUID reference, SealedText address)
      implements ShipmentCommand {}

  /** The carrier will bring it. */
  record RecordBooking(@TargetAggregateIdentifier ShipmentId shipment, String tracking)
      implements ShipmentCommand {}

  /** The carrier won't bring it. */
  record RecordRefusal(@TargetAggregateIdentifier ShipmentId shipment, String reason)
      implements ShipmentCommand {}

  /** The carrier gave no answer that means anything; it is asked again. */
  record RecordFault(@TargetAggregateIdentifier ShipmentId shipment, String error)
      implements ShipmentCommand {}

  /** It is not wanted any more, or was never asked for and won't be. */
  record CancelShipment(@TargetAggregateIdentifier ShipmentId shipment, UUID reference)
      implements ShipmentCommand {}

  /** The carrier won't bring it, as it was told. */
  record RecordCancellation(@TargetAggregateIdentifier ShipmentId shipment)
      implements ShipmentCommand {}

  /** The carrier won't stop it. */
  record RecordCancellationRefusal(@TargetAggregateIdentifier ShipmentId shipment, String reason)
      implements ShipmentCommand {}
}
