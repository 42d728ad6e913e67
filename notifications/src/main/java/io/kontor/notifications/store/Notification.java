package io.kontor.notifications.store;

import io.kontor.notifications.rule.NotificationData;
import io.kontor.notifications.rule.NotificationKind;
import java.time.Instant;
import java.util.UUID;

/**
 * A notification as its user sees it.
 *
 * @param at when the event was recorded
 */
public record Notification(
    UUID id, NotificationKind kind, Instant at, NotificationData data, boolean read) {}
