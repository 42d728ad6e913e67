package io.kontor.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A node that keeps what it receives, and answers with its name unless it is to do otherwise. */
final class StubNode implements AutoCloseable {
  private final String name;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<Received> asked = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour;
  private volatile Behaviour callers;
  private volatile @Nullable String resultOfALine;
  private volatile @Nullable String ownerId;
  private HttpServer server;
  private ExecutorService threads;

  /** What becomes of a request. */
  interface Behaviour {
    void handle(HttpExchange exchange) throws IOException;
  }

  /**
   * @param headers by name in small letters
   */
  record Received(String method, String target, Map<String, String> headers, String body) {}

  private StubNode(String name) {
    this.name = name;
    this.behaviour = answering(200, "{\"node\":\"%s\"}".formatted(name));
    this.callers = answering(401, "{}");
  }

  static StubNode start(String name) {
    var node = new StubNode(name);
    node.listen(0);
    return node;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Received> received() {
    return received;
  }

  /** What the gateway asked by itself: for whom the node takes a caller. */
  List<Received> asked() {
    return asked;
  }

  /** Answers each line that comes with a line, in which {@code %d} is its number. */
  void answerLines(String result) {
    resultOfALine = result;
  }

  /** Says from now on by which id it owns streams. */
  void own(String id) {
    ownerId = id;
  }

  /** What it answers then; by default it knows no caller. */
  void answerCallers(Behaviour behaviour) {
    callers = behaviour;
  }

  /** As at the start. */
  void reset() {
    behave(answering(200, "{\"node\":\"%s\"}".formatted(name)));
    answerCallers(answering(401, "{}"));
    resultOfALine = null;
    received.clear();
    asked.clear();
  }

  void behave(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  static Behaviour answering(int status, String json, String... headers) {
    return exchange -> {
      byte[] body = json.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    };
  }

  /** Closes the connection without an answer, as the kernel of a killed process does. */
  static Behaviour dying() {
    return HttpExchange::close;
  }

  /** Takes no connections any more. */
  void kill() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Takes connections again, at the same address. */
  void restart() {
    listen(url().getPort());
  }

  private void listen(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      threads = Executors.newVirtualThreadPerTaskExecutor();
      server.setExecutor(threads);
      server.createContext(
          "/actuator/health/readiness",
          exchange -> {
            String id = ownerId;
            (id == null ? answering(200, "{}") : answering(200, "{}", "Kontor-Node", id))
                .handle(exchange);
          });
      server.createContext(
          "/v1/caller",
          exchange -> {
            asked.add(received(exchange));
            callers.handle(exchange);
          });
      server.createContext("/", this::handle);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String result = resultOfALine;
    if (result == null) {
      received.add(received(exchange));
      behaviour.handle(exchange);
    } else {
      received.add(
          new Received(exchange.getRequestMethod(), target(exchange), headers(exchange), ""));
      answerLines(exchange, result);
    }
  }

  private static void answerLines(HttpExchange exchange, String result) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
    exchange.sendResponseHeaders(200, 0);
    var lines = new BufferedReader(new InputStreamReader(exchange.getRequestBody(), UTF_8));
    for (int line = 1; lines.readLine() != null; line++) {
      exchange.getResponseBody().write((result.formatted(line) + "\n").getBytes(UTF_8));
      exchange.getResponseBody().flush();
    }
    exchange.close();
  }

  private static String target(HttpExchange exchange) {
    return exchange.getRequestURI().toString();
  }

  private static Map<String, String> headers(HttpExchange exchange) {
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((key, values) -> headers.put(key.toLowerCase(Locale.ROOT), values.getFirst()));
    return headers;
  }

  private static Received received(HttpExchange exchange) throws IOException {
    return new Received(
        exchange.getRequestMethod(),
        target(exchange),
        headers(exchange),
        new String(exchange.getRequestBody().readAllBytes(), UTF_8));
  }

  @Override
  public void close() {
    kill();
  }
}
