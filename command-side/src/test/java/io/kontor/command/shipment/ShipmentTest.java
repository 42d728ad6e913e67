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
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fast")
class ShipmentTest {
  private static final ShipmentId ID = new ShipmentId(new TenantId("acme"), new UUID(7, 1));
  private static final UUID ORDER = new UUID(7, 2);
  private static final SealedText HOME = SealedText.inTheClear("cust-42", "Street 1, Berlin");

  private static final RequestShipment REQUEST = new RequestShipment(ID, ORDER, HOME);
  private static final CancelShipment CANCEL = new CancelShipment(ID, ORDER);
  private static final RecordBooking BOOKED = new RecordBooking(ID, "T1");
  private static final RecordRefusal REFUSED = new RecordRefusal(ID, "no service");
  private static final RecordFault FAULT = new RecordFault(ID, "timeout");
  private static final RecordCancellation STOPPED = new RecordCancellation(ID);
  private static final RecordCancellationRefusal NOT_STOPPED =
      new RecordCancellationRefusal(ID, "on its way");

  private static final ShipmentRequested REQUESTED = new ShipmentRequested(ID, ORDER, HOME);
  private static final ShipmentScheduled SCHEDULED = new ShipmentScheduled(ID, ORDER, "T1");
  private static final ShipmentRefused WAS_REFUSED = new ShipmentRefused(ID, ORDER, "no service");
  private static final CancellationRequested CANCELLING = new CancellationRequested(ID, ORDER);
  private static final ShipmentCancelled CANCELLED = new ShipmentCancelled(ID, ORDER);
  private static final CancellationRefused NOT_CANCELLED =
      new CancellationRefused(ID, ORDER, "on its way");

  private final AggregateTestFixture<Shipment> fixture = new AggregateTestFixture<>(Shipment.class);

  /**
   * A history, a command and the expected event.
   *
   * @param event null when none is expected
   */
  record Case(List<ShipmentEvent> history, ShipmentCommand command, @Nullable ShipmentEvent event) {
    static Case of(
        ShipmentCommand command, @Nullable ShipmentEvent event, ShipmentEvent... history) {
      return new Case(List.of(history), command, event);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        Case.of(REQUEST, REQUESTED),
        Case.of(REQUEST, null, REQUESTED),
        Case.of(REQUEST, null, CANCELLED),
        Case.of(BOOKED, SCHEDULED, REQUESTED),
        Case.of(BOOKED, null, REQUESTED, SCHEDULED),
        Case.of(BOOKED, null, REQUESTED, CANCELLING),
        Case.of(BOOKED, CANCELLING, REQUESTED, CANCELLING, CANCELLED),
        Case.of(REFUSED, WAS_REFUSED, REQUESTED),
        Case.of(REFUSED, null, REQUESTED, WAS_REFUSED),
        Case.of(REFUSED, null, REQUESTED, CANCELLING),
        Case.of(FAULT, new CarrierFailed(ID, ORDER, "timeout"), REQUESTED),
        Case.of(FAULT, null, REQUESTED, SCHEDULED),
        Case.of(CANCEL, CANCELLED),
        Case.of(CANCEL, CANCELLING, REQUESTED),
        Case.of(CANCEL, CANCELLING, REQUESTED, SCHEDULED),
        Case.of(CANCEL, CANCELLED, REQUESTED, WAS_REFUSED),
        Case.of(CANCEL, null, REQUESTED, CANCELLING),
        Case.of(CANCEL, null, REQUESTED, CANCELLING, CANCELLED),
        Case.of(CANCEL, CANCELLING, REQUESTED, CANCELLING, NOT_CANCELLED),
        Case.of(STOPPED, CANCELLED, REQUESTED, CANCELLING),
        Case.of(STOPPED, null, REQUESTED, CANCELLING, CANCELLED),
        Case.of(NOT_STOPPED, NOT_CANCELLED, REQUESTED, SCHEDULED, CANCELLING));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aCancellationWinsAndTheRestMayBeSaidTwice(Case said) {
    fixture
        .given(said.history())
        .when(said.command())
        .expectSuccessfulHandlerExecution()
        .expectEvents(said.event() == null ? new Object[0] : new Object[] {said.event()});
  }
}
