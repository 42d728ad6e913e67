package io.kontor.database;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.validation.annotation.Validated;

/**
 * How long Kontor waits for a database that does not respond, and the database for a node that does
 * not.
 *
 * @param connect for a new connection, login included
 * @param pool for a free connection of a pool; then a request is answered 503 {@code
 *     database-unavailable}
 * @param statement for a statement of a request or of the writer, shorter than {@code socket}; then
 *     the database ends it and the connection stays
 * @param socket for the response to a statement of a request, the writer, the listener or the
 *     locks; then the connection is closed
 * @param batch for the response to a statement of a projection, a saga, the job scheduler or a
 *     rebuild's pages
 * @param tool for the response to a statement of a tool such as {@code kontor verify}, of a
 *     migration, or of a rebuild's steps on whole tables
 * @param idleInTransaction after which the database ends an idle transaction
 */
@ConfigurationProperties("kontor.db.timeouts")
@Validated
public record DatabaseTimeouts(
    @DefaultValue("3s") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration connect,
    @DefaultValue("5s") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration pool,
    @DefaultValue("5s") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration statement,
    @DefaultValue("8s") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration socket,
    @DefaultValue("20s") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration batch,
    @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration tool,
    @DefaultValue("10s")
        @DurationMin(seconds = 1)
        @DurationMax(seconds = LONGEST_IDLE_IN_TRANSACTION_SECONDS)
        Duration idleInTransaction) {
  private static final long LONGEST_IDLE_IN_TRANSACTION_SECONDS = 60;

  /**
   * @throws InvalidConfigurationPropertyValueException when a statement may take as long as a
   *     response: a slow query would count as a lost connection
   */
  public DatabaseTimeouts {
    if (statement.compareTo(socket) >= 0) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.db.timeouts.statement",
          statement,
          "must be shorter than kontor.db.timeouts.socket");
    }
  }

  /** Above it a frozen node's claims would be taken over too late; DatabaseGuard checks it, too. */
  public static final Duration LONGEST_IDLE_IN_TRANSACTION =
      Duration.ofSeconds(LONGEST_IDLE_IN_TRANSACTION_SECONDS);
}
