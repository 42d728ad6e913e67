package io.kontor.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An HTTP client of a server on this machine, with or without a token. JSON may be written with
 * single quotes.
 */
public class ApiClient {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Timeout of a request. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final int port;
  private final @Nullable String token;

  public ApiClient(int port, @Nullable String token) {
    this.port = port;
    this.token = token;
  }

  public final int port() {
    return port;
  }

  /** The bearer token; null without one. */
  public final @Nullable String token() {
    return token;
  }

  public final Answer get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  /** Sends what is given, the token and the content type. */
  public final Answer send(String method, String path, @Nullable String body, String... headers) {
    var request = request(path).timeout(TIMEOUT).method(method, publisher(body));
    if (body != null && !body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Reads a response without end, as it comes. */
  public final HttpResponse<InputStream> stream(String path)
      throws IOException, InterruptedException {
    return HTTP.send(request(path).build(), BodyHandlers.ofInputStream());
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private static HttpRequest.BodyPublisher publisher(@Nullable String body) {
    return body == null
        ? BodyPublishers.noBody()
        : BodyPublishers.ofString(body.replace('\'', '"'));
  }

  /** A response. */
  public record Answer(HttpResponse<String> http) {
    public int status() {
      return http.statusCode();
    }

    /** This response; fails when it has another status. */
    public Answer expect(int status) {
      if (status() != status) {
        throw new AssertionError(
            "%s %s: %d instead of %d: %s"
                .formatted(
                    http.request().method(),
                    http.request().uri().getPath(),
                    status(),
                    status,
                    http.body()));
      }
      return this;
    }

    public @Nullable String header(String name) {
      return http.headers().firstValue(name).orElse(null);
    }

    /** The position of the mutation in the event store. */
    public long position() {
      return http.headers().firstValueAsLong("Kontor-Position").orElseThrow();
    }

    /** Whether it is the recorded answer of an earlier request with the same key. */
    public boolean isReplayed() {
      return "true".equals(header("Idempotent-Replayed"));
    }

    public JsonNode json() {
      return JsonMapper.shared().readTree(http.body());
    }

    public String text(String field) {
      return json().path(field).asString();
    }

    /** The amount of a field that is money. */
    public String amount(String field) {
      return json().path(field).path("amount").asString();
    }

    /** The stable end of the problem's type. */
    public String slug() {
      return text("type").replace("https://kontor.example/problems/", "");
    }

    /** Where the first invalid value of the request is. */
    public String pointer() {
      return json().path("errors").path(0).path("pointer").asString();
    }
  }
}
