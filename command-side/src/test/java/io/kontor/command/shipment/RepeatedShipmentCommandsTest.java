package io.kontor.command.shipment;

import io.kontor.api.shipment.ShipmentCommand;
import io.kontor.api.shipment.ShipmentCommand.CancelShipment;
import io.kontor.api.shipment.ShipmentCommand.RecordBooking;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellation;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellationRefusal;
import io.kontor.api.shipment.ShipmentCommand.RecordFault;
import io.kontor.api.shipment.ShipmentCommand.RecordRefusal;
import io.kontor.api.shipment.ShipmentCommand.RequestShipment;
import io.kontor.api.shipment.ShipmentEvent;
import io.kontor.api.shipment.ShipmentEvent.CancellationRefused;
import io.kontor.api.shipment.ShipmentEvent.CancellationRequested;
import io.kontor.api.shipment.ShipmentEvent.CarrierFailed;
import io.kontor.api.shipment.ShipmentEvent.ShipmentCancelled;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRefused;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRequested;
import io.kontor.api.shipment.ShipmentEvent.ShipmentScheduled;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.command.RepeatedCommandsTest;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** A repeated command is recognized, whatever happened to the shipment since. */
@Tag("fast")
class RepeatedShipmentCommandsTest extends RepeatedCommandsTest<ShipmentCommand, ShipmentEvent> {
  private static final ShipmentId ID = new ShipmentId(new TenantId("acme"), new UUID(7, 1));
  private static final UUID ORDER = new UUID(7, 2);
  private static final SealedText HOME = SealedText.inTheClear("cust-42", "Street 1");
  private static final ShipmentRequested REQUESTED = new ShipmentRequested(ID, ORDER, HOME);
  private static final ShipmentScheduled BOOKED = new ShipmentScheduled(ID, ORDER, "T1");
  private static final ShipmentRefused REFUSED = new ShipmentRefused(ID, ORDER, "no");
  private static final CarrierFailed FAILED = new CarrierFailed(ID, ORDER, "away");
  private static final CancellationRequested UNWANTED = new CancellationRequested(ID, ORDER);
  private static final ShipmentCancelled CANCELLED = new ShipmentCancelled(ID, ORDER);
  private static final CancellationRefused SENT = new CancellationRefused(ID, ORDER, "sent");

  RepeatedShipmentCommandsTest() {
    super(Shipment.class, ShipmentCommand.class, Set.of());
  }

  @Override
  protected Stream<Case<ShipmentCommand, ShipmentEvent>> cases() {
    return Stream.of(
        new Case<>(new RequestShipment(ID, ORDER, HOME), List.of(REQUESTED, UNWANTED, CANCELLED)),
        new Case<>(new RecordBooking(ID, "T1"), List.of(REQUESTED, BOOKED, UNWANTED)),
        new Case<>(new RecordRefusal(ID, "no"), List.of(REQUESTED, REFUSED, CANCELLED)),
        new Case<>(new RecordFault(ID, "away"), List.of(REQUESTED, FAILED, BOOKED)),
        new Case<>(new CancelShipment(ID, ORDER), List.of(CANCELLED)),
        new Case<>(new CancelShipment(ID, ORDER), List.of(REQUESTED, UNWANTED, CANCELLED)),
        new Case<>(new RecordCancellation(ID), List.of(REQUESTED, UNWANTED, CANCELLED)),
        new Case<>(
            new RecordCancellationRefusal(ID, "sent"), List.of(REQUESTED, BOOKED, UNWANTED, SENT)));
  }
}
