package io.kontor.notifications.stream;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the connections over which notifications are streamed, on each node.
 *
 * @param connections of all tenants at most
 * @param tenantConnections of one tenant at most
 * @param userConnections of one user at most
 * @param longest after that a connection is ended, and its client opens another one; its token's
 *     expiry ends it earlier
 * @param heartbeat a connection without news is sent a comment that often
 */
@ConfigurationProperties("kontor.notifications.stream")
@Validated
public record StreamLimits(
    @DefaultValue("4000") @Min(1) int connections,
    @DefaultValue("1000") @Min(1) int tenantConnections,
    @DefaultValue("8") @Min(1) int userConnections,
    @DefaultValue("15m") @DurationMin(millis = 100) @DurationMax(hours = 24) Duration longest,
    @DefaultValue("15s") @DurationMin(seconds = 1) @DurationMax(seconds = 300)
        Duration heartbeat) {}
