package io.kontor.notifications.web;

import io.kontor.notifications.NotificationProcessor;
import io.kontor.notifications.store.Inbox;
import io.kontor.notifications.store.StaffVisits;
import io.kontor.notifications.store.Ticket;
import io.kontor.notifications.store.TicketStore;
import io.kontor.notifications.stream.NotificationStream;
import io.kontor.notifications.stream.NotificationStreams;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.request.ClientNetwork;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Caller;
import io.kontor.web.security.TokenClaims;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The caller's notifications as they come. */
@RestController
@Tag(name = "Notifications")
class NotificationStreamController {
  private static final Logger LOG = LoggerFactory.getLogger(NotificationStreamController.class);

  private final ReadGateway gateway;
  private final NotificationStreams streams;
  private final NotificationSockets sockets;
  private final Inbox inbox;
  private final StaffVisits visits;
  private final TicketStore tickets;
  private final StreamTokens tokens;
  private final RequestRecords records;
  private final JsonMapper json;

  NotificationStreamController(
      ReadGateway gateway,
      NotificationStreams streams,
      NotificationSockets sockets,
      Inbox inbox,
      StaffVisits visits,
      TicketStore tickets,
      StreamTokens tokens,
      RequestRecords records,
      JsonMapper json) {
    this.gateway = gateway;
    this.streams = streams;
    this.sockets = sockets;
    this.inbox = inbox;
    this.visits = visits;
    this.tickets = tickets;
    this.tokens = tokens;
    this.records = records;
    this.json = json;
  }

  /**
   * A ticket.
   *
   * @param ticket a secret
   * @param expiresIn seconds
   */
  @Schema(name = "NotificationTicket")
  record IssuedTicket(String ticket, long expiresIn) {}

  /** The request's thread sends until the response ends; a WebSocket has a thread of its own. */
  @GetMapping("/v1/notifications/stream")
  @Operation(
      operationId = "streamNotifications",
      summary = "The caller's notifications as they come, by Server-Sent Events or WebSocket",
      description =
          "First what is not read, or what came after `last` or `Last-Event-ID`, then what happens."
              + " Ends after some minutes, and when the token expires. With `Upgrade: websocket` and"
              + " the subprotocol `kontor.v1` the answer is 101; such a connection ends with the"
              + " token, and has the client acknowledge what it has received.")
  @Answers(limits = {"too-many-streams"})
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string")))
  void stream(
      @Parameter(description = "the `id` of the last notification that the client has seen")
          @RequestParam(required = false)
          @Nullable UUID last,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable UUID lastEvent,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition,
      HttpMethod method,
      HttpServletRequest request,
      HttpServletResponse response) {
    gateway.awaitProcessor(minPosition, NotificationProcessor.PROCESSOR);
    if (method.equals(HttpMethod.HEAD)) {
      EventStreamClient.head(response); // a HEAD response has no body
      return;
    }
    visits.note(Caller.current());
    UUID seen = last == null ? lastEvent : last;
    if (NotificationSockets.isMeantBy(request)) {
      sockets.open(request, response, seen);
    } else {
      respond(Caller.current().subject(), seen, request, response);
    }
  }

  private void respond(
      String subject,
      @Nullable UUID seen,
      HttpServletRequest request,
      HttpServletResponse response) {
    StreamToken token = tokens.of(request);
    try (NotificationStream stream =
        streams.openResponse(subject, ClientNetwork.of(request.getRemoteAddr()), token.expires())) {
      stream.run(() -> inbox.unseen(subject, seen), new EventStreamClient(response, token, json));
    } catch (IOException | BadJwtException ended) {
      // The client comes back, with a valid token, and goes on from what it has seen.
    } catch (DataAccessException | TransactionException away) {
      // The response has begun, so its end is the answer.
      LOG.warn("notification stream failed reason={}", away.toString());
    }
  }

  @PostMapping("/v1/notifications/tickets")
  @Operation(
      operationId = "createNotificationTicket",
      summary = "A ticket with which a browser opens a WebSocket: once, within 30 seconds",
      description =
          "It is sent as the subprotocol `kontor.ticket.<ticket>`, beside `kontor.v1`, and stands"
              + " for the token of this call.")
  @Answers(HttpStatus.CREATED)
  @ResponseStatus(HttpStatus.CREATED)
  IssuedTicket issueTicket(
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (TokenClaims.isApiKey(TokenClaims.current())) {
      throw SecurityProblemHandler.forbidden("a machine opens a WebSocket with its API key itself");
    }
    String token = TokenClaims.current().getTokenValue();
    Ticket ticket = Ticket.of(TenantContext.current(), token, key);
    if (!records.isReplayed(http, null, response)) {
      tickets.add(ticket, token);
    }
    return new IssuedTicket(ticket.text(), TicketStore.VALID.toSeconds());
  }
}
