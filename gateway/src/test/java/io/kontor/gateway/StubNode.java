package io.kontor.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
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

/** A node that keeps what it receives, and answers with its name unless it is to do otherwise. */
final class StubNode implements AutoCloseable {
  private final String name;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour;
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

  /** As at the start. */
  void reset() {
    behave(answering(200, "{\"node\":\"%s\"}".formatted(name)));
    received.clear();
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
      server.createContext("/actuator/health/readiness", answering(200, "{}")::handle);
      server.createContext("/", this::handle);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((key, values) -> headers.put(key.toLowerCase(Locale.ROOT), values.getFirst()));
    received.add(
        new Received(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            headers,
            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
    behaviour.handle(exchange);
  }

  @Override
  public void close() {
    kill();
  }
}
