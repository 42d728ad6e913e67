package io.kontor.notifications;

import java.sql.Connection;
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
 * Listens to one channel, on a thread and a connection of its own. A lost connection is replaced, a
 * second later at most; so it is when its hearer fails on something.
 *
 * @see <a href="https://www.postgresql.org/docs/18/sql-listen.html">LISTEN</a>
 */
public final class PostgresNotificationListener {
  private static final Logger log = LoggerFactory.getLogger(PostgresNotificationListener.class);
  private static final int PATIENCE_MILLIS = 1_000;

  private final DataSource dataSource;
  private final String channel;
  private final NotificationHandler hearer;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile long aliveAt = System.nanoTime();

  /**
   * @param channel an SQL identifier
   */
  public PostgresNotificationListener(
      DataSource dataSource, String channel, NotificationHandler hearer) {
    this.dataSource = dataSource;
    this.channel = channel;
    this.hearer = hearer;
    thread = Thread.ofPlatform().name("hears-" + channel).daemon().unstarted(this::run);
  }

  /** Begins to listen, once. */
  public void start() {
    thread.start();
  }

  /**
   * Ends it, two seconds later at most.
   *
   * @throws InterruptedException when interrupted meanwhile
   */
  public void stop() throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join(2 * PATIENCE_MILLIS);
  }

  /**
   * How long ago its loop last came round, or it was made: some seconds at most while it lives,
   * also when the database is away.
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
        log.debug("Lost the connection that listens to {}", channel, e);
        pause();
      } catch (RuntimeException | Error unexpected) {
        log.warn("listener failed channel={}", channel, unexpected);
        pause();
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("listen " + channel);
      hearer.begins();
      var notifications = connection.unwrap(PGConnection.class);
      while (!stopped) {
        aliveAt = System.nanoTime();
        PGNotification[] told = notifications.getNotifications(PATIENCE_MILLIS);
        if (told == null || told.length == 0) {
          hearer.hearsNothing(connection);
        } else {
          hearer.hears(Arrays.stream(told).map(PGNotification::getParameter).toList());
        }
      }
      statement.execute("unlisten *");
    } finally {
      hearer.ends();
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      stopped = true;
      Thread.currentThread().interrupt();
    }
  }
}
