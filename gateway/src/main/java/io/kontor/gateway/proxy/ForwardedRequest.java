package io.kontor.gateway.proxy;

import io.kontor.web.correlation.CorrelationContext;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.security.TokenClaims;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * A client's request as nodes get it: with the headers that the API or, for its pages, the console
 * knows, and none other. What a client says of its identity or its address but in its token is left
 * behind; the address is that of its connection. The body is in memory, so that the request can be
 * sent again.
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
          KontorHeaders.CELL,
          KontorHeaders.IDEMPOTENCY_KEY,
          KontorHeaders.MIN_POSITION,
          "Last-Event-ID",
          "Prefer");

  private static final String CONSOLE = "/console";

  /**
   * Its session and its token against forgery are in cookies, which calls of the API have none of.
   */
  private static final List<String> KNOWN_TO_THE_CONSOLE =
      List.of(
          HttpHeaders.ACCEPT,
          HttpHeaders.ACCEPT_LANGUAGE,
          HttpHeaders.CONTENT_TYPE,
          HttpHeaders.COOKIE,
          HttpHeaders.USER_AGENT,
          "HX-Request");

  private final String method;
  private final String target;

  /** Decoded, as routes and nodes compare it, and without a query. */
  private final String path;

  private final byte[] body;

  /** Names and values in turn. */
  private final List<String> headers;

  private final @Nullable String tenant;
  private final boolean isRead;
  private final boolean isRepeatable;

  private ForwardedRequest(
      String method,
      String target,
      String path,
      byte[] body,
      List<String> headers,
      @Nullable String tenant,
      boolean hasKey) {
    this.method = method;
    this.target = target;
    this.path = path;
    this.body = body;
    this.headers = headers;
    this.tenant = tenant;
    this.isRead = isRead(method);
    this.isRepeatable = isRead || hasKey;
  }

  /**
   * A question of the gateway's own, with what a client has sent.
   *
   * @param path a valid path
   * @param token the client's token or API key
   * @param address the client's IP address; null where no request of it waits
   */
  static ForwardedRequest get(String path, String token, @Nullable String address) {
    List<String> headers = new ArrayList<>(List.of(HttpHeaders.AUTHORIZATION, "Bearer " + token));
    addOwn(headers, address);
    return new ForwardedRequest(
        HttpMethod.GET.name(), path, path, new byte[0], headers, null, false);
  }

  /** A read, whose body means nothing, or a request whose body is passed on as it comes. */
  static ForwardedRequest withoutBody(HttpServletRequest http) {
    return of(http, new byte[0]);
  }

  /**
   * @throws ProblemException when it can't be forwarded
   */
  static ForwardedRequest of(HttpServletRequest http, byte[] body) {
    String query = http.getQueryString();
    String target = query == null ? http.getRequestURI() : http.getRequestURI() + "?" + query;
    return new ForwardedRequest(
        http.getMethod(),
        checked(target),
        http.getServletPath(),
        body,
        headers(http),
        callersTenant(),
        http.getHeader(KontorHeaders.IDEMPOTENCY_KEY) != null);
  }

  /**
   * Before a node is chosen: one whose circuit is half open lets three requests through and waits
   * for what comes of them.
   */
  private static String checked(String target) {
    try {
      var _ = URI.create(target);
      return target;
    } catch (IllegalArgumentException malformed) {
      throw ProblemException.invalid("", "the path or the query is not valid");
    }
  }

  /** Of the verified token; null for an operator. */
  private static @Nullable String callersTenant() {
    return SecurityContextHolder.getContext().getAuthentication()
            instanceof JwtAuthenticationToken token
        ? token.getToken().getClaimAsString(TokenClaims.TENANT)
        : null;
  }

  /**
   * For one node.
   *
   * @param timeout until its answer begins
   */
  HttpRequest to(URI node, Duration timeout) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node + target))
            .timeout(timeout)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.size(); i += 2) {
      request.header(headers.get(i), headers.get(i + 1));
    }
    return request.build();
  }

  /** Writes all but the body. */
  void begin(NodeConnection connection, URI node) throws IOException {
    connection.begin(method, target, node.getAuthority(), headers);
  }

  boolean isRead() {
    return isRead;
  }

  static boolean isRead(String method) {
    return HttpMethod.GET.matches(method) || HttpMethod.HEAD.matches(method);
  }

  /** The caller's; null for an operator or where no token is needed. */
  @Nullable String tenant() {
    return tenant;
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
    return path.equals(BULK) ? BulkSize.of(body) : 1;
  }

  /** The stream that it is a command to, {@code <tenant>/<uuid>}, as far as it says; or null. */
  @Nullable String stream() {
    return isRead || tenant == null
        ? null
        : CommandStream.idIn(path, body).map(id -> tenant + "/" + id).orElse(null);
  }

  private static List<String> headers(HttpServletRequest http) {
    List<String> headers = new ArrayList<>();
    boolean isPage = isPage(http);
    for (String name : isPage ? KNOWN_TO_THE_CONSOLE : KNOWN) {
      http.getHeaders(name)
          .asIterator()
          .forEachRemaining(
              value -> {
                headers.add(name);
                headers.add(value);
              });
    }
    headers.addAll(List.of("X-Forwarded-Proto", http.getScheme()));
    if (isPage) {
      // The identity provider leads back to the address that the browser has.
      headers.addAll(List.of("X-Forwarded-Host", http.getServerName()));
      headers.addAll(List.of("X-Forwarded-Port", Integer.toString(http.getServerPort())));
    }
    addOwn(headers, http.getRemoteAddr());
    return headers;
  }

  /** Whether it is for a page of the console, for which nobody needs a token. */
  static boolean isPage(HttpServletRequest http) {
    String path = http.getServletPath();
    return path.equals(CONSOLE) || path.startsWith(CONSOLE + "/");
  }

  private static void addOwn(List<String> headers, @Nullable String address) {
    if (address != null) {
      headers.addAll(List.of("X-Forwarded-For", address));
    }
    String trace = CorrelationContext.traceParent();
    if (trace != null) {
      headers.addAll(List.of(KontorHeaders.CORRELATION_ID, CorrelationContext.currentId()));
      headers.addAll(List.of("traceparent", trace));
    }
  }
}
