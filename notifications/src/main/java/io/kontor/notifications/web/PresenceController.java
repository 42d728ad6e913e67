package io.kontor.notifications.web;

import io.kontor.notifications.NotificationProcessor;
import io.kontor.notifications.presence.PresenceStore;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.security.TokenClaims;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Whether a user is there, for the tenant's staff. */
@RestController
@Tag(name = "Notifications")
class PresenceController {
  private final ReadGateway gateway;
  private final PresenceStore presence;

  PresenceController(ReadGateway gateway, PresenceStore presence) {
    this.gateway = gateway;
    this.presence = presence;
  }

  /**
   * A user's presence.
   *
   * @param present whether the user has a stream of notifications open
   * @param seenAt when it was seen last; null when the user is not present
   */
  @Schema(name = "Presence")
  record Presence(String subject, boolean present, @Nullable Instant seenAt) {}

  @GetMapping("/v1/presence/{subject}")
  @Operation(
      operationId = "getPresence",
      summary = "Whether a user has a stream of notifications open, on any node")
  Presence get(
      @PathVariable String subject,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    if (!TokenClaims.isSubject(subject)) {
      throw ProblemException.invalid("subject", "must have 1 to 255 visible characters");
    }
    gateway.awaitProcessor(minPosition, NotificationProcessor.PROCESSOR);
    Instant seen = presence.lastSeen(subject).orElse(null);
    return new Presence(subject, seen != null, seen);
  }
}
