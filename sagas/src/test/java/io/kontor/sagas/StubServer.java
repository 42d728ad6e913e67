package io.kontor.sagas;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kontor.httpclient.HttpClientSettings;
import io.kontor.httpclient.ResilientHttpClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** An external party that gives the response which the test set last, and records the calls. */
public final class StubServer implements AutoCloseable {
  private final HttpServer server;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String body = "{}";
  private volatile boolean losesResponses;

  public StubServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public ResilientHttpClient client() {
    URI url = URI.create("http://localhost:" + server.getAddress().getPort());
    Duration longEnoughForASlowMachine = Duration.ofMinutes(1);
    return new ResilientHttpClient(
        new HttpClientSettings(
            "stub", url, null, longEnoughForASlowMachine, 32, Duration.ofSeconds(5)),
        new SimpleMeterRegistry());
  }

  public void respond(int newStatus, String json) {
    status = newStatus;
    body = json;
    losesResponses = false;
  }

  /** Each call arrives, and its response is lost. */
  public void loseResponses() {
    losesResponses = true;
  }

  /** The calls since this was last asked for: method, path, and body if there is one. */
  public List<String> calls() {
    var received = List.copyOf(calls);
    calls.clear();
    return received;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String received =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      calls.add(
          "%s %s %s"
              .formatted(exchange.getRequestMethod(), exchange.getRequestURI(), received)
              .strip());
      if (losesResponses) {
        return;
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
