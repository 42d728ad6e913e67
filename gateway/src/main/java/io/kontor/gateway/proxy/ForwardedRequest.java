package io.kontor.gateway.proxy;

import io.kontor.web.correlation.CorrelationContext;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/**
 * A client's request as nodes get it: with the headers that the API knows, and none other. What a
 * client says of its identity or its address but in its token is left behind; the address is that
 * of its connection. The body is in memory, so that the request can be sent again.
 */
final class ForwardedRequest {
  private static final String BULK = "/v1/transfers/bulk";

  private static final List<String> KNOWN =
      List.of(
          HttpHeaders.ACCEPT,
          HttpHeaders.AUTHORIZATION,
          HttpHeaders.CONTENT_TYPE,
          HttpHeaders.IF_MATCH,
          HttpHeaders.USER_AGENT,
          KontorHeaders.IDEMPOTENCY_KEY,
          KontorHeaders.MIN_POSITION,
          "Last-Event-ID",
          "Prefer");

  private final String method;
  private final String target;
  private final byte[] body;

  /** Names and values in turn. */
  private final List<String> headers;

  private final boolean isRead;
  private final boolean isRepeatable;

  private ForwardedRequest(HttpServletRequest http, String target, byte[] body) {
    this.method = http.getMethod();
    this.target = target;
    this.body = body;
    this.headers = headers(http);
    this.isRead = HttpMethod.GET.matches(method) || HttpMethod.HEAD.matches(method);
    this.isRepeatable = isRead || http.getHeader(KontorHeaders.IDEMPOTENCY_KEY) != null;
  }

  /**
   * @throws ProblemException when it is not complete, or can't be forwarded
   */
  static ForwardedRequest of(HttpServletRequest http) {
    String type = http.getContentType();
    if (type != null && type.startsWith(MediaType.APPLICATION_NDJSON_VALUE)) {
      throw new ProblemException(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              "streams of transfers don't go through the gateway; send them to a node")
          .withHeader(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
    }
    String query = http.getQueryString();
    String target = query == null ? http.getRequestURI() : http.getRequestURI() + "?" + query;
    return new ForwardedRequest(http, target, body(http));
  }

  private static byte[] body(HttpServletRequest http) {
    try {
      return http.getInputStream().readAllBytes();
    } catch (IOException incomplete) {
      throw ProblemException.invalid("", "the body is not complete");
    }
  }

  /**
   * For one node.
   *
   * @throws ProblemException when the path or the query is not part of a valid URI
   */
  HttpRequest to(URI node) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(node))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.size(); i += 2) {
      request.header(headers.get(i), headers.get(i + 1));
    }
    return request.build();
  }

  boolean isRead() {
    return isRead;
  }

  boolean isHead() {
    return HttpMethod.HEAD.matches(method);
  }

  /** Whether it may be sent again where it may have been executed: a read, or with a key. */
  boolean isRepeatable() {
    return isRepeatable;
  }

  /** The requests for which it counts. */
  long cost() {
    return target.equals(BULK) ? BulkSize.of(body) : 1;
  }

  private URI uri(URI node) {
    try {
      return URI.create(node + target);
    } catch (IllegalArgumentException malformed) {
      throw ProblemException.invalid("", "the path or the query is not valid");
    }
  }

  private static List<String> headers(HttpServletRequest http) {
    List<String> headers = new ArrayList<>();
    for (String name : KNOWN) {
      http.getHeaders(name)
          .asIterator()
          .forEachRemaining(
              value -> {
                headers.add(name);
                headers.add(value);
              });
    }
    headers.addAll(List.of("X-Forwarded-For", http.getRemoteAddr()));
    headers.addAll(List.of("X-Forwarded-Proto", http.getScheme()));
    headers.addAll(List.of(KontorHeaders.CORRELATION_ID, CorrelationContext.currentId()));
    String trace = CorrelationContext.traceParent();
    if (trace != null) {
      headers.addAll(List.of("traceparent", trace));
    }
    return headers;
  }
}
