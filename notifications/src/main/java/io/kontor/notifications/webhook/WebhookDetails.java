package io.kontor.notifications.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.notifications.rule.NotificationKind;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as it is shown.
 *
 * @param enabled whether it is called
 * @param problem why it was switched off
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookDetails(
    UUID id,
    String url,
    List<NotificationKind> kinds,
    String description,
    boolean enabled,
    @Nullable String problem,
    Instant createdAt) {}
