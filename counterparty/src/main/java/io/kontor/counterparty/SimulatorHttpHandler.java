package io.kontor.counterparty;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads requests and writes answers, and lets go wrong what goes wrong on the way. */
final class SimulatorHttpHandler {
  private static final JsonMapper JSON = new JsonMapper();

  private final Duration slowness;
  private final FaultRules faults;

  SimulatorHttpHandler(SimulatorSettings settings, FaultRules faults) {
    this.slowness = settings.slowness();
    this.faults = faults;
  }

  /**
   * A request.
   *
   * @param rest what follows the fixed part of the path, without slashes at its ends
   */
  record Asked(String method, String rest, JsonNode body) {}

  /** An answer. */
  record Answer(int status, Object body) {
    static Answer refused(int status, String reason) {
      return new Answer(status, Map.of("reason", reason));
    }
  }

  /** Knows what a request is about before anything is done. */
  interface Clerk {
    Task take(Asked asked);
  }

  /**
   * What was asked for, to be done.
   *
   * @param call by whose faults it is struck; by none, when null
   */
  record Task(@Nullable SimulatedCall call, Work work) {
    static Task unknown() {
      return new Task(null, () -> Answer.refused(404, "no such thing here"));
    }
  }

  /** Does it, and answers. */
  interface Work {
    Answer run();
  }

  HttpHandler serving(Clerk clerk) {
    return exchange -> {
      try (exchange) {
        serve(exchange, clerk);
      }
    };
  }

  private void serve(HttpExchange exchange, Clerk clerk) throws IOException {
    Task task;
    try {
      task = clerk.take(asked(exchange));
    } catch (JacksonException | IllegalArgumentException malformed) {
      write(exchange, Answer.refused(400, String.valueOf(malformed.getMessage())));
      return;
    }
    if (strikes(task, InjectedFault.SLOW)) {
      dawdle();
    }
    if (strikes(task, InjectedFault.FAIL)) {
      write(exchange, Answer.refused(503, "out of order"));
      return;
    }
    Answer answer = task.work().run();
    if (strikes(task, InjectedFault.LOSE_ANSWER)) {
      return;
    }
    write(exchange, answer);
  }

  private boolean strikes(Task task, InjectedFault fault) {
    return task.call() != null && faults.happens(task.call(), fault);
  }

  private void dawdle() {
    try {
      Thread.sleep(slowness);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static Asked asked(HttpExchange exchange) throws IOException {
    String context = exchange.getHttpContext().getPath();
    String rest = exchange.getRequestURI().getPath().substring(context.length());
    byte[] body = exchange.getRequestBody().readAllBytes();
    return new Asked(
        exchange.getRequestMethod(),
        rest.replaceAll("^/|/$", ""),
        body.length == 0 ? JSON.missingNode() : JSON.readTree(body));
  }

  private static void write(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = JSON.writeValueAsBytes(answer.body());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }
}
