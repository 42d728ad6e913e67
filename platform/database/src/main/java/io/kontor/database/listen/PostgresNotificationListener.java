package io.kontor.database.listen;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to one channel, on its own thread and connection. Reconnects after at most a second when
 * the connection is lost or the handler fails.
 *
 * @see <a href="https://www.postgresql.org/docs/18/sql-listen.html">LISTEN</a>
 */
public final class PostgresNotificationListener {
  private static final Logger log = LoggerFactory.getLogger(PostgresNotificationListener.class);
  private static final int POLL_TIMEOUT_MILLIS = 1_000;

  private final DataSource dataSource;
  private final String channel;
  private final NotificationHandler handler;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile long aliveAt = System.nanoTime();

  /**
   * @param channel what follows the schema's name and an underscore in the name of the channel, so
   *     that the schemas of one database have their own
   */
  public PostgresNotificationListener(
      DataSource dataSource, String channel, NotificationHandler handler) {
    this.dataSource = dataSource;
    this.channel = channel;
    this.handler = handler;
    thread = Thread.ofPlatform().name("hears-" + channel).daemon().unstarted(this::run);
  }

  /** Starts listening; call once. */
  public void start() {
    thread.start();
  }

  /**
   * Stops listening within two seconds.
   *
   * @throws InterruptedException when interrupted while waiting
   */
  public void stop() throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join(2 * POLL_TIMEOUT_MILLIS);
  }

  /**
   * The time since the last iteration of the loop, or since construction: some seconds at most
   * while it runs, even during a database outage.
   */
  public Duration sinceSignOfLife() {
    return Duration.ofNanos(System.nanoTime() - aliveAt);
  }

  private void run() {
    while (!stopped) {
      aliveAt = System.nanoTime();
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(true);
        listen(connection);
      } catch (SQLException e) {
        log.debug("listener disconnected channel={}", channel, e);
        pause();
      } catch (RuntimeException | Error unexpected) {
        log.warn("listener failed channel={}", channel, unexpected);
        pause();
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("listen " + identifier(connection));
      handler.begins();
      var notifications = connection.unwrap(PGConnection.class);
      while (!stopped) {
        aliveAt = System.nanoTime();
        PGNotification[] received = notifications.getNotifications(POLL_TIMEOUT_MILLIS);
        if (received == null || received.length == 0) {
          handler.hearsNothing(connection);
        } else {
          handler.hears(Arrays.stream(received).map(PGNotification::getParameter).toList());
        }
      }
      statement.execute("unlisten *");
    } finally {
      handler.ends();
    }
  }

  private String identifier(Connection connection) throws SQLException {
    try (var query =
        connection.prepareStatement("select quote_ident(current_schema() || '_' || ?)")) {
      query.setString(1, channel);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_TIMEOUT_MILLIS);
    } catch (InterruptedException e) {
      stopped = true;
      Thread.currentThread().interrupt();
    }
  }
}
