package io.kontor.notifications.webhook;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Webhooks.
 *
 * @param timeout of a call, from the look-up of the host to the answer
 * @param overlap how long a former secret signs beside its successor
 * @param development whether a webhook may be in a private network, and without TLS; for
 *     development only
 */
@ConfigurationProperties("kontor.webhooks")
@Validated
public record WebhookProperties(
    @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(seconds = 60) Duration timeout,
    @DefaultValue("24h") @DurationMin(seconds = 0) @DurationMax(hours = 720) Duration overlap,
    @DefaultValue("false") boolean development) {}
