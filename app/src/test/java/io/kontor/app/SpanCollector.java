package io.kontor.app;

import static java.util.stream.Collectors.toMap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes spans by OTLP, as an OpenTelemetry collector does. */
final class SpanCollector implements AutoCloseable {
  private final List<Collected> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  private SpanCollector(HttpServer server) {
    this.server = server;
  }

  static SpanCollector start() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var collector = new SpanCollector(server);
      server.createContext("/v1/traces", collector::take);
      server.start();
      return collector;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String endpoint() {
    return "http://127.0.0.1:%d/v1/traces".formatted(server.getAddress().getPort());
  }

  List<Collected> trace(String trace) {
    return spans.stream().filter(span -> span.trace().equals(trace)).toList();
  }

  Optional<Collected> find(String trace, String name) {
    return trace(trace).stream().filter(span -> span.name().equals(name)).findFirst();
  }

  /** The names of a span and its parents, from the inside out; the caller's is last. */
  List<String> around(Collected span) {
    List<String> names = new ArrayList<>(List.of(span.name()));
    spans.stream()
        .filter(outer -> outer.id().equals(span.parent()))
        .findFirst()
        .ifPresentOrElse(outer -> names.addAll(around(outer)), () -> names.add(span.parent()));
    return names;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .map(Collected::of)
          .forEach(spans::add);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** A span as it came in; ids are hexadecimal. */
  record Collected(
      String name, String trace, String id, String parent, Map<String, String> attributes) {
    static Collected of(Span span) {
      HexFormat hex = HexFormat.of();
      return new Collected(
          span.getName(),
          hex.formatHex(span.getTraceId().toByteArray()),
          hex.formatHex(span.getSpanId().toByteArray()),
          hex.formatHex(span.getParentSpanId().toByteArray()),
          span.getAttributesList().stream()
              .collect(
                  toMap(
                      attribute -> attribute.getKey(),
                      attribute -> attribute.getValue().getStringValue())));
    }
  }
}
