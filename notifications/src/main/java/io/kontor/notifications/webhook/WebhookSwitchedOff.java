package io.kontor.notifications.webhook;

import java.util.UUID;

/**
 * A webhook of the current tenant is not called any more, since it took nothing for days.
 *
 * @param owner the subject that created it
 */
public record WebhookSwitchedOff(UUID webhook, String owner) {}
