package io.kontor.notifications.stream;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
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
 * @param addressConnections from one IPv4 address or one IPv6 network (/64) at most
 * @param longest after that a response with Server-Sent Events is ended, and its client opens
 *     another one; its token's expiry ends it earlier
 * @param heartbeat how often a client is sent something without a meaning
 * @param idle a WebSocket whose client answers nothing for that long is closed
 * @param origins the origins whose pages may open a WebSocket, such as {@code
 *     https://bank.example}, beside the node's own
 */
@ConfigurationProperties("kontor.notifications.stream")
@Validated
public record StreamLimits(
    @DefaultValue("4000") @Min(1) int connections,
    @DefaultValue("1000") @Min(1) int tenantConnections,
    @DefaultValue("8") @Min(1) int userConnections,
    @DefaultValue("1000") @Min(1) int addressConnections,
    @DefaultValue("15m") @DurationMin(millis = 100) @DurationMax(hours = 24) Duration longest,
    @DefaultValue("10s") @DurationMin(seconds = 1) @DurationMax(seconds = 300) Duration heartbeat,
    @DefaultValue("30s") @DurationMin(seconds = 2) @DurationMax(seconds = 900) Duration idle,
    @DefaultValue List<String> origins) {
  public StreamLimits {
    origins = List.copyOf(origins);
  }
}
