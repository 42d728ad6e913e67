package io.kontor.notifications.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.notifications.rule.NotificationData;
import io.kontor.notifications.rule.NotificationKind;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A notification as its user sees it.
 *
 * @param at when the event was recorded
 * @param deliveredAt when a client of the user first acknowledged it; null if none has
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Notification(
    UUID id,
    NotificationKind kind,
    Instant at,
    NotificationData data,
    @Nullable Instant deliveredAt,
    boolean read) {}
