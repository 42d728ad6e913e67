package io.kontor.notifications.web;

import io.kontor.notifications.store.Inbox;
import io.kontor.notifications.stream.NotificationStream;
import io.kontor.notifications.stream.NotificationStreams;
import io.kontor.notifications.stream.StreamLimits;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.request.ClientNetwork;
import io.kontor.web.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.util.WebUtils;
import tools.jackson.databind.json.JsonMapper;

/** Opens WebSockets (RFC 6455) for requests whose token was verified. */
@Component
final class NotificationSockets {
  static final String PROTOCOL = "kontor.v1";

  /** A browser can send a subprotocol, but no header; what is in a URL ends up in logs. */
  private static final String TICKET = "kontor.ticket.";

  private final DefaultHandshakeHandler handshake = new DefaultHandshakeHandler();
  private final NotificationStreams streams;
  private final Inbox inbox;
  private final StreamLimits limits;
  private final StreamTokens tokens;
  private final JsonMapper json;

  NotificationSockets(
      NotificationStreams streams,
      Inbox inbox,
      StreamLimits limits,
      StreamTokens tokens,
      JsonMapper json) {
    this.streams = streams;
    this.inbox = inbox;
    this.limits = limits;
    this.tokens = tokens;
    this.json = json;
    handshake.setSupportedProtocols(PROTOCOL);
  }

  static boolean isMeantBy(HttpServletRequest request) {
    return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
  }

  /** The ticket among the subprotocols that a client offers. */
  static Optional<String> ticketOf(HttpServletRequest request) {
    return protocols(request)
        .filter(protocol -> protocol.startsWith(TICKET))
        .map(protocol -> protocol.substring(TICKET.length()))
        .findFirst();
  }

  private static Stream<String> protocols(HttpServletRequest request) {
    return values(request, WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL);
  }

  private static Stream<String> values(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header)).stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(String::strip);
  }

  /**
   * Opens a WebSocket for the caller, and sends from a thread of its own.
   *
   * @param last the last notification that the client has seen; null for none
   * @throws ProblemException (400) when it is no handshake, (403) when a page of another origin
   *     asks, (429) when too many connections are open
   */
  void open(HttpServletRequest request, HttpServletResponse response, @Nullable UUID last) {
    var http = new ServletServerHttpRequest(withoutExtensions(request));
    requireHandshake(request);
    requireOrigin(http);
    TenantId tenant = TenantContext.current();
    String subject = Caller.current().subject();
    StreamToken token = tokens.of(request);
    NotificationStream stream =
        streams.open(subject, ClientNetwork.of(request.getRemoteAddr()), token.expires());
    var socket =
        new NotificationSocket(
            stream,
            () -> inbox.unacknowledged(subject, last),
            id -> TenantContext.run(tenant, () -> inbox.acknowledge(subject, id)),
            token,
            limits.idle(),
            json);
    try {
      handshake.doHandshake(http, new ServletServerHttpResponse(response), socket, Map.of());
    } finally {
      if (response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS.value()) {
        Thread.ofVirtual()
            .name("notification-socket")
            .start(() -> TenantContext.run(tenant, socket::run));
      } else {
        stream.close();
      }
    }
  }

  private static void requireHandshake(HttpServletRequest request) {
    if (values(request, HttpHeaders.CONNECTION).noneMatch("upgrade"::equalsIgnoreCase)) {
      throw ProblemException.invalid(HttpHeaders.CONNECTION, "must be Upgrade");
    }
    if (!"13".equals(request.getHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION))) {
      throw ProblemException.invalid(WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION, "must be 13");
    }
    if (request.getHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_KEY) == null) {
      throw ProblemException.invalid(WebSocketHttpHeaders.SEC_WEBSOCKET_KEY, "is missing");
    }
    if (protocols(request).noneMatch(PROTOCOL::equals)) {
      throw ProblemException.invalid(
          WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL, "must offer " + PROTOCOL);
    }
  }

  /** Programs that are no browser send no origin. */
  private void requireOrigin(ServletServerHttpRequest request) {
    List<String> allowed = limits.origins();
    String origin = request.getHeaders().getOrigin();
    if (origin != null && !allowed.contains(origin) && !WebUtils.isSameOrigin(request)) {
      throw SecurityProblemHandler.forbidden(
          "pages of this origin may not open a WebSocket: kontor.notifications.stream.origins");
    }
  }

  /** Compression would cost a connection more memory than all else together. */
  private static HttpServletRequest withoutExtensions(HttpServletRequest request) {
    return new HttpServletRequestWrapper(request) {
      @Override
      public Enumeration<String> getHeaders(String name) {
        return WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS.equalsIgnoreCase(name)
            ? Collections.emptyEnumeration()
            : super.getHeaders(name);
      }
    };
  }
}
