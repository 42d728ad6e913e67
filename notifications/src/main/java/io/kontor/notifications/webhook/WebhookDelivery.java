package io.kontor.notifications.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.notifications.rule.NotificationData;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was or is to be sent to a webhook.
 *
 * @param id the message's, the same in every attempt
 * @param kind of the notification, or {@code TEST}
 * @param data absent in a test
 * @param status of the last answer; absent without one
 * @param answer the beginning of the last answer's body, or why there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookDelivery(
    UUID id,
    String kind,
    Instant at,
    @Nullable NotificationData data,
    State state,
    int attempts,
    @Nullable Instant attemptedAt,
    @Nullable Integer status,
    @Nullable String answer) {

  /** How far it is. */
  public enum State {
    PENDING,
    DELIVERED
  }
}
