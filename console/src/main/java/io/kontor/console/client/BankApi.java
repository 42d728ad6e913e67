package io.kontor.console.client;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.message.MessageMetadata;
import io.kontor.console.client.ApiProblemException.Problem;
import io.kontor.web.correlation.CorrelationContext;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.paging.Page;
import io.kontor.web.security.TokenClaims;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bank's HTTP API, called with the token of the person whose request is served and below the
 * same correlation id. Its rules, limits and answers are those for any other client.
 */
public final class BankApi {
  /** Longer than a read waits for its read model. */
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Headers of a document. */
  private static final List<String> DOCUMENT =
      List.of(
          HttpHeaders.CONTENT_TYPE, HttpHeaders.CONTENT_LENGTH, HttpHeaders.CONTENT_DISPOSITION);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final Supplier<URI> base;
  private final JsonMapper json;

  /**
   * @param base where the API is, once the server has started
   * @param json as the API writes it; members that a page does not need are left out
   */
  public BankApi(Supplier<URI> base, JsonMapper json) {
    this.base = base;
    this.json = json.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  }

  /** What a change was answered with. */
  public record Sent(@Nullable String position, @Nullable String location) {
    /** The id of what was created: the end of its location. */
    public String newId() {
      String path = String.valueOf(location);
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /**
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public <T> T get(Class<T> type, CallPath path) {
    return get(type, path, null);
  }

  /**
   * @param minPosition the position that the answer must have reached
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public <T> T get(Class<T> type, CallPath path, @Nullable String minPosition) {
    return json.readValue(read(path, minPosition), type);
  }

  /**
   * An account.
   *
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public AccountDetails account(Object id) {
    return account(id, null);
  }

  /**
   * An account.
   *
   * @param minPosition the position that the answer must have reached
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public AccountDetails account(Object id, @Nullable String minPosition) {
    return get(AccountDetails.class, CallPath.of("/v1/accounts/{}", id), minPosition);
  }

  /**
   * As {@link #get}, empty where there is none, or none that the person may see.
   *
   * @throws ApiProblemException when the API answers with another problem, or not at all
   */
  public <T> Optional<T> find(Class<T> type, CallPath path, @Nullable String minPosition) {
    try {
      return Optional.of(get(type, path, minPosition));
    } catch (ApiProblemException problem) {
      if (problem.status() == HttpStatus.NOT_FOUND.value()) {
        return Optional.empty();
      }
      throw problem;
    }
  }

  /**
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public <T> List<T> list(Class<T> type, CallPath path) {
    return list(type, path, null);
  }

  /**
   * @param minPosition the position that the answer must have reached
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public <T> List<T> list(Class<T> type, CallPath path, @Nullable String minPosition) {
    JavaType list = json.getTypeFactory().constructCollectionType(List.class, type);
    return json.readValue(read(path, minPosition), list);
  }

  /**
   * A page of a list.
   *
   * @param minPosition the position that the answer must have reached
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public <T> Page<T> page(Class<T> type, CallPath path, @Nullable String minPosition) {
    JavaType page = json.getTypeFactory().constructParametricType(Page.class, type);
    return json.readValue(read(path, minPosition), page);
  }

  /**
   * Sends a change.
   *
   * @param key the idempotency key of the form, so that it is done once however often it is sent
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public Sent send(HttpMethod method, CallPath path, @Nullable Object body, String key) {
    HttpResponse<byte[]> answer = change(method, path, body, key);
    return new Sent(
        answer.headers().firstValue(KontorHeaders.POSITION).orElse(null),
        answer.headers().firstValue(HttpHeaders.LOCATION).orElse(null));
  }

  /**
   * Sends a change, and reads what it is answered with.
   *
   * @param key as for any change
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public <T> T post(Class<T> type, CallPath path, @Nullable Object body, String key) {
    return json.readValue(change(HttpMethod.POST, path, body, key).body(), type);
  }

  private HttpResponse<byte[]> change(
      HttpMethod method, CallPath path, @Nullable Object body, String key) {
    var request =
        request(path)
            .header(KontorHeaders.IDEMPOTENCY_KEY, key)
            .method(
                method.name(),
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
    if (body != null) {
      request.header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
    }
    return exchange(request.build());
  }

  /**
   * Passes a document on as it comes.
   *
   * @throws ApiProblemException when the API answers with a problem, or not at all
   */
  public void download(CallPath path, HttpServletResponse response) throws IOException {
    HttpResponse<InputStream> answer =
        exchange(request(path).build(), BodyHandlers.ofInputStream());
    try (InputStream document = answer.body()) {
      if (answer.statusCode() >= HttpStatus.BAD_REQUEST.value()) {
        throw new ApiProblemException(answer.statusCode(), problem(document.readAllBytes()));
      }
      for (String name : DOCUMENT) {
        answer.headers().firstValue(name).ifPresent(value -> response.setHeader(name, value));
      }
      document.transferTo(response.getOutputStream());
    }
  }

  private byte[] read(CallPath path, @Nullable String minPosition) {
    HttpRequest.Builder request = request(path);
    if (minPosition != null) {
      request.header(KontorHeaders.MIN_POSITION, minPosition);
    }
    return exchange(request.build()).body();
  }

  private HttpRequest.Builder request(CallPath path) {
    var request =
        HttpRequest.newBuilder(URI.create(base.get() + path.value()))
            .timeout(TIMEOUT)
            .header(HttpHeaders.AUTHORIZATION, "Bearer " + TokenClaims.current().getTokenValue())
            .header(KontorHeaders.CORRELATION_ID, CorrelationContext.currentId());
    String cell = PageCell.current();
    if (cell != null) {
      request.header(KontorHeaders.CELL, cell);
    }
    String trace = CorrelationContext.traceParent();
    return trace == null ? request : request.header(MessageMetadata.TRACE_PARENT, trace);
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) {
    HttpResponse<byte[]> answer = exchange(request, BodyHandlers.ofByteArray());
    if (answer.statusCode() >= HttpStatus.BAD_REQUEST.value()) {
      throw new ApiProblemException(answer.statusCode(), problem(answer.body()));
    }
    return answer;
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> body) {
    try {
      return http.send(request, body);
    } catch (IOException unreachable) {
      throw ApiProblemException.noAnswer("node-unavailable", "the API does not answer");
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw ApiProblemException.noAnswer("node-unavailable", "the node stops");
    }
  }

  private Problem problem(byte[] body) {
    try {
      return json.readValue(body, Problem.class);
    } catch (JacksonException ofSomethingInBetween) {
      return new Problem(null, null, null);
    }
  }
}
