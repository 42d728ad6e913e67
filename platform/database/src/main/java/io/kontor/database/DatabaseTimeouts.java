package io.kontor.database;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * How long Kontor waits for a database that does not respond, and the database for a node that does
 * not.
 *
 * @param connect for a new connection, login included
 * @param pool for a free connection of a pool
 * @param socket for the response to a statement of a request, the writer, the listeners or the
 *     locks
 * @param batch for the response to a statement of a projection, a saga, the job scheduler or a
 *     rebuild's pages
 * @param tool for the response to a statement of a tool such as {@code kontor verify}, of a
 *     migration, or of a rebuild's steps on whole tables
 * @param idleInTransaction after which the database ends an idle transaction
 */
@ConfigurationProperties(DatabaseTimeouts.PREFIX)
public record DatabaseTimeouts(
    @DefaultValue("3s") Duration connect,
    @DefaultValue("5s") Duration pool,
    @DefaultValue("8s") Duration socket,
    @DefaultValue("20s") Duration batch,
    @DefaultValue("1h") Duration tool,
    @DefaultValue("10s") Duration idleInTransaction) {
  static final String PREFIX = "kontor.db.timeouts";

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(24);

  /** Above it a frozen node's claims would be taken over too late; DatabaseGuard checks it, too. */
  public static final Duration LONGEST_IDLE_IN_TRANSACTION = Duration.ofMinutes(1);

  /**
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public DatabaseTimeouts {
    Map.of("connect", connect, "pool", pool, "socket", socket, "batch", batch, "tool", tool)
        .forEach((name, timeout) -> requireWithin(name, timeout, LONGEST));
    requireWithin("idle-in-transaction", idleInTransaction, LONGEST_IDLE_IN_TRANSACTION);
  }

  private static void requireWithin(String name, Duration timeout, Duration longest) {
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "%s.%s must be from %ds to %ds"
              .formatted(PREFIX, name, SHORTEST.toSeconds(), longest.toSeconds()));
    }
  }

  /**
   * Binds and validates the configuration.
   *
   * @throws IllegalArgumentException when a value is no duration or out of range, with a one-line
   *     message
   */
  public static DatabaseTimeouts of(Environment environment) {
    try {
      return Binder.get(environment).bindOrCreate(PREFIX, DatabaseTimeouts.class);
    } catch (BindException malformed) {
      Throwable cause = malformed;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new IllegalArgumentException(
          "%s: %s".formatted(malformed.getName(), cause.getMessage()), malformed);
    }
  }
}
