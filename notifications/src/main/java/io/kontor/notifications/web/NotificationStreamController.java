package io.kontor.notifications.web;

import io.kontor.notifications.NotificationProcessor;
import io.kontor.notifications.stream.NotificationStreams;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.security.Caller;
import io.kontor.web.security.TokenClaims;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The caller's notifications as they come. */
@RestController
@Tag(name = "Notifications")
class NotificationStreamController {
  private final ReadGateway gateway;
  private final NotificationStreams streams;
  private final JsonMapper json;

  NotificationStreamController(ReadGateway gateway, NotificationStreams streams, JsonMapper json) {
    this.gateway = gateway;
    this.streams = streams;
    this.json = json;
  }

  /** The request's thread sends until the connection ends. */
  @GetMapping("/v1/notifications/stream")
  @Operation(
      operationId = "streamNotifications",
      summary = "The caller's notifications as they come, by Server-Sent Events",
      description =
          "First what is not read, or what came after `Last-Event-ID`, then what happens. Ends after"
              + " some minutes, and when the token expires.")
  @Answers(limits = {"too-many-streams"})
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string")))
  void stream(
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable UUID last,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition,
      HttpMethod method,
      HttpServletResponse response) {
    gateway.awaitProcessor(minPosition, NotificationProcessor.PROCESSOR);
    if (method.equals(HttpMethod.HEAD)) {
      EventStreamClient.head(response); // a HEAD response has no body
      return;
    }
    try {
      streams.run(
          Caller.current().subject(),
          last,
          TokenClaims.expiryOfCurrent(),
          new EventStreamClient(response, json));
    } catch (IOException clientGone) {
      // It comes back, and goes on from what it has seen.
    }
  }
}
