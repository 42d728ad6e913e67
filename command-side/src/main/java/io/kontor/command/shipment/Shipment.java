package io.kontor.command.shipment;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.shipment.ShipmentCommand.CancelShipment;
import io.kontor.api.shipment.ShipmentCommand.RecordBooking;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellation;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellationRefusal;
import io.kontor.api.shipment.ShipmentCommand.RecordFault;
import io.kontor.api.shipment.ShipmentCommand.RecordRefusal;
import io.kontor.api.shipment.ShipmentCommand.RequestShipment;
import io.kontor.api.shipment.ShipmentEvent;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.api.shipment.ShipmentResult;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A shipment between its requester and the carrier. A cancellation overrides later responses of the
 * carrier and later requests.
 */
@Aggregate(repository = ShipmentConfiguration.REPOSITORY)
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class Shipment {
  @AggregateIdentifier private ShipmentId id;
  private UUID reference;
  private @Nullable State state;

  private enum State {
    REQUESTED,
    SCHEDULED,
    REFUSED,
    CANCELLING,
    NOT_CANCELLED,
    CANCELLED
  }

  /** Axon creates an instance and replays its events. */
  @SuppressWarnings("NullAway.Init")
  Shipment() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  ShipmentResult handle(RequestShipment command) {
    if (state == null) {
      apply(
          new ShipmentEvent.ShipmentRequested(
              command.shipment(), command.reference(), command.address()));
    }
    return result();
  }

  /** A booking that arrives after the cancellation is cancelled with the carrier again. */
  @CommandHandler
  ShipmentResult handle(RecordBooking command) {
    if (state == State.REQUESTED) {
      apply(new ShipmentEvent.ShipmentScheduled(id, reference, command.tracking()));
    } else if (state == State.CANCELLED) {
      apply(new ShipmentEvent.CancellationRequested(id, reference));
    }
    return result();
  }

  @CommandHandler
  ShipmentResult handle(RecordRefusal command) {
    if (state == State.REQUESTED) {
      apply(new ShipmentEvent.ShipmentRefused(id, reference, command.reason()));
    }
    return result();
  }

  @CommandHandler
  ShipmentResult handle(RecordFault command) {
    if (state == State.REQUESTED || state == State.CANCELLING) {
      apply(new ShipmentEvent.CarrierFailed(id, reference, command.error()));
    }
    return result();
  }

  /** When the carrier has no booking, the shipment is cancelled without a call. */
  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  ShipmentResult handle(CancelShipment command) {
    if (state == null || state == State.REFUSED) {
      apply(new ShipmentEvent.ShipmentCancelled(command.shipment(), command.reference()));
    } else if (state != State.CANCELLED && state != State.CANCELLING) {
      apply(new ShipmentEvent.CancellationRequested(id, reference));
    }
    return result();
  }

  @CommandHandler
  ShipmentResult handle(RecordCancellation command) {
    if (state == State.CANCELLING) {
      apply(new ShipmentEvent.ShipmentCancelled(id, reference));
    }
    return result();
  }

  @CommandHandler
  ShipmentResult handle(RecordCancellationRefusal command) {
    if (state == State.CANCELLING) {
      apply(new ShipmentEvent.CancellationRefused(id, reference, command.reason()));
    }
    return result();
  }

  @EventSourcingHandler
  void evolve(ShipmentEvent event) {
    id = event.shipment();
    reference = event.reference();
    state =
        switch (event) {
          case ShipmentEvent.ShipmentRequested _ -> State.REQUESTED;
          case ShipmentEvent.ShipmentScheduled _ -> State.SCHEDULED;
          case ShipmentEvent.ShipmentRefused _ -> State.REFUSED;
          case ShipmentEvent.CarrierFailed _ -> state;
          case ShipmentEvent.CancellationRequested _ -> State.CANCELLING;
          case ShipmentEvent.ShipmentCancelled _ -> State.CANCELLED;
          case ShipmentEvent.CancellationRefused _ -> State.NOT_CANCELLED;
        };
  }

  private static ShipmentResult result() {
    return new ShipmentResult(getVersion());
  }
}
