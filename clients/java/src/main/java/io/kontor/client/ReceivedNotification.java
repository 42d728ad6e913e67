package io.kontor.client;

import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * A notification.
 *
 * @param kind such as {@code MONEY_IN}; kinds may be added
 * @param at when what it is about was recorded
 * @param data ids and amounts
 */
public record ReceivedNotification(UUID id, String kind, Instant at, JsonNode data) {
  static ReceivedNotification of(JsonNode message) {
    return new ReceivedNotification(
        UUID.fromString(message.path("id").asString()),
        message.path("kind").asString(),
        Instant.parse(message.path("at").asString()),
        message.path("data"));
  }
}
