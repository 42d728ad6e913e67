package io.kontor.simulator;

import io.kontor.simulator.FaultRules.Rule;
import io.kontor.simulator.SimulatorHttpHandler.Answer;
import io.kontor.simulator.SimulatorHttpHandler.Asked;
import io.kontor.simulator.SimulatorHttpHandler.Task;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The fault rules over HTTP: GET returns them, PUT replaces them, DELETE removes them. */
final class FaultRulesHandler {
  private final FaultRules faults;

  FaultRulesHandler(FaultRules faults) {
    this.faults = faults;
  }

  Task answer(Asked asked) {
    return switch (asked.method()) {
      case "GET" -> new Task(null, this::currentRules);
      case "PUT" -> {
        List<Rule> rules =
            StreamSupport.stream(asked.body().spliterator(), false)
                .map(FaultRulesHandler::rule)
                .toList();
        yield new Task(null, () -> replace(rules));
      }
      case "DELETE" -> new Task(null, () -> replace(List.of()));
      default -> Task.unknown();
    };
  }

  private Answer replace(List<Rule> rules) {
    faults.replace(rules);
    return currentRules();
  }

  private Answer currentRules() {
    return new Answer(200, faults.rules());
  }

  private static Rule rule(JsonNode json) {
    return new Rule(
        SimulatedCall.valueOf(json.path("call").asString()),
        InjectedFault.valueOf(json.path("fault").asString()),
        json.path("probability").asDouble(1),
        json.path("times").isInt() ? json.path("times").asInt() : null);
  }
}
