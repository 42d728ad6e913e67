package io.kontor.simulator;

import io.kontor.simulator.SimulatorHttpHandler.Answer;
import io.kontor.simulator.SimulatorHttpHandler.Asked;
import io.kontor.simulator.SimulatorHttpHandler.Task;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A carrier. It keeps the cancellation of an unknown shipment, so that a late booking is refused.
 */
final class CarrierSimulator {
  private final Map<String, Shipment> shipments = new ConcurrentHashMap<>();
  private final FaultRules faults;

  CarrierSimulator(FaultRules faults) {
    this.faults = faults;
  }

  private enum State {
    BOOKED,
    CANCELLED,
    REFUSED
  }

  /**
   * A shipment.
   *
   * @param order the booking request; null when it was cancelled first
   */
  private record Shipment(String reference, State state, @Nullable JsonNode order) {
    Answer answer() {
      return new Answer(
          200, Map.of("reference", reference, "state", state, "tracking", tracking()));
    }

    private String tracking() {
      return "TRK-"
          + reference.substring(Math.max(0, reference.length() - 12)).toUpperCase(Locale.ROOT);
    }
  }

  Task answer(Asked asked) {
    String[] path = asked.rest().split("/", -1);
    String reference = path[0];
    if (path.length == 2 && path[1].equals("cancel") && asked.method().equals("POST")) {
      return new Task(SimulatedCall.CANCEL_SHIPMENT, () -> cancel(reference));
    }
    if (path.length != 1 || reference.isEmpty()) {
      return Task.unknown();
    }
    return switch (asked.method()) {
      case "PUT" -> new Task(SimulatedCall.BOOK_SHIPMENT, () -> book(reference, asked.body()));
      case "GET" -> new Task(SimulatedCall.INQUIRE_SHIPMENT, () -> inquire(reference));
      default -> Task.unknown();
    };
  }

  Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    shipments.forEach((reference, shipment) -> states.put(reference, shipment.state().name()));
    return states;
  }

  private Answer book(String reference, JsonNode order) {
    Shipment shipment =
        shipments.computeIfAbsent(reference, absent -> new Shipment(absent, initialState(), order));
    return switch (shipment.state()) {
      case REFUSED -> Answer.refused(422, "no service to this address");
      case CANCELLED -> Answer.refused(409, "the shipment was cancelled");
      case BOOKED ->
          order.equals(shipment.order())
              ? shipment.answer()
              : Answer.refused(409, "the reference stands for another shipment");
    };
  }

  private State initialState() {
    return faults.happens(SimulatedCall.BOOK_SHIPMENT, InjectedFault.REFUSE)
        ? State.REFUSED
        : State.BOOKED;
  }

  private Answer cancel(String reference) {
    if (faults.happens(SimulatedCall.CANCEL_SHIPMENT, InjectedFault.REFUSE)) {
      return Answer.refused(422, "the shipment is on its way");
    }
    return shipments
        .compute(
            reference,
            (id, known) -> new Shipment(id, State.CANCELLED, known == null ? null : known.order()))
        .answer();
  }

  private Answer inquire(String reference) {
    Shipment shipment = shipments.get(reference);
    return shipment == null ? Answer.refused(404, "no such shipment") : shipment.answer();
  }
}
