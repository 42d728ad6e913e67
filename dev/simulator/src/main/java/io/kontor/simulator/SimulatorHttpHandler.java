package io.kontor.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads requests, writes responses and injects faults. */
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

  record Answer(int status, Object body) {
    static Answer refused(int status, String reason) {
      return new Answer(status, Map.of("reason", reason));
    }
  }

  /** Maps a request to its task, without side effects. */
  interface Clerk {
    Task take(Asked asked);
  }

  /**
   * The task of a request.
   *
   * @param call the call whose faults apply; none, when null
   */
  record Task(@Nullable SimulatedCall call, Work work) {
    static Task unknown() {
      return new Task(null, () -> Answer.refused(404, "no such thing here"));
    }
  }

  /** Executes a task and returns the response. */
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
      task = clerk.take(readRequest(exchange));
    } catch (JacksonException | IllegalArgumentException malformed) {
      write(exchange, Answer.refused(400, String.valueOf(malformed.getMessage())));
      return;
    }
    if (occurs(task, InjectedFault.SLOW)) {
      delay();
    }
    if (occurs(task, InjectedFault.FAIL)) {
      write(exchange, Answer.refused(503, "out of order"));
      return;
    }
    Answer answer = task.work().run();
    if (occurs(task, InjectedFault.LOSE_ANSWER)) {
      return;
    }
    write(exchange, answer);
  }

  private boolean occurs(Task task, InjectedFault fault) {
    return task.call() != null && faults.happens(task.call(), fault);
  }

  private void delay() {
    try {
      Thread.sleep(slowness);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static Asked readRequest(HttpExchange exchange) throws IOException {
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
