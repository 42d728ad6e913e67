package io.kontor.database.listen;

import io.kontor.database.schema.DatabaseSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the channels of one database, of all its schemas, on one thread and connection: a
 * commit that notifies wakes each connection of the database that listens to anything. Reconnects
 * after at most a second when the connection is lost.
 *
 * @see <a href="https://www.postgresql.org/docs/18/sql-listen.html">LISTEN</a>
 */
public final class PostgresNotificationListener {
  static final int POLL_TIMEOUT_MILLIS = 1_000;
  private static final Logger log = LoggerFactory.getLogger(PostgresNotificationListener.class);

  private final DataSource dataSource;
  private final Collection<NotificationSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private final AtomicBoolean subscriptionsChanged = new AtomicBoolean(true);
  private final Thread thread;
  private volatile boolean stopped;
  private volatile long aliveAt = System.nanoTime();

  public PostgresNotificationListener(DataSource dataSource) {
    this.dataSource = dataSource;
    thread = Thread.ofPlatform().name("notifications").daemon().unstarted(this::run);
  }

  /** Starts listening; repeating it changes nothing. */
  public synchronized void start() {
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
  }

  /**
   * Stops listening, and ends all subscriptions, within some seconds.
   *
   * @throws InterruptedException when interrupted while waiting
   */
  public void stop() throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join(2 * POLL_TIMEOUT_MILLIS);
    for (NotificationSubscription subscription : subscriptions) {
      subscription.close();
    }
  }

  /**
   * Hands the notifications of a schema's channel to a handler, from within a second until the
   * subscription is closed.
   *
   * @param channel what follows the schema's name and an underscore in the name of the channel, so
   *     that the schemas of one database have their own
   */
  public NotificationSubscription subscribe(
      DatabaseSchema schema, String channel, NotificationHandler handler) {
    var subscription =
        new NotificationSubscription(schema + "_" + channel, handler, this::unsubscribe);
    subscriptions.add(subscription);
    subscriptionsChanged.set(true);
    return subscription;
  }

  private void unsubscribe(NotificationSubscription subscription) {
    subscriptions.remove(subscription);
    subscriptionsChanged.set(true);
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
        log.debug("listener disconnected", e);
        pause();
      } catch (RuntimeException | Error unexpected) {
        log.warn("listener failed", unexpected);
        pause();
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    Set<NotificationSubscription> established = new HashSet<>();
    try (var statement = connection.createStatement()) {
      var notifications = connection.unwrap(PGConnection.class);
      long checkedAt = System.nanoTime();
      while (!stopped) {
        aliveAt = System.nanoTime();
        if (subscriptionsChanged.getAndSet(false)) {
          listen(established, statement);
        }
        PGNotification[] received = notifications.getNotifications(POLL_TIMEOUT_MILLIS);
        boolean isSilent = received == null || received.length == 0;
        if (isSilent) {
          statement.execute("select 1");
        } else {
          for (PGNotification one : received) {
            deliver(one);
          }
        }
        if (isSilent || millisSince(checkedAt) >= POLL_TIMEOUT_MILLIS) {
          checkedAt = System.nanoTime();
          established.forEach(NotificationSubscription::connectionIsAlive);
        }
      }
      statement.execute("unlisten *");
    } finally {
      established.forEach(NotificationSubscription::lost);
      subscriptionsChanged.set(true);
    }
  }

  /** Listens for the subscriptions that are new, and no more for those that have ended. */
  private void listen(Set<NotificationSubscription> established, Statement statement)
      throws SQLException {
    for (NotificationSubscription one : Set.copyOf(established)) {
      if (!subscriptions.contains(one)) {
        established.remove(one);
        if (established.stream()
            .map(NotificationSubscription::channel)
            .noneMatch(one.channel()::equals)) {
          statement.execute("unlisten " + statement.enquoteIdentifier(one.channel(), true));
        }
      }
    }
    for (NotificationSubscription one : subscriptions) {
      if (!established.contains(one)) {
        statement.execute("listen " + statement.enquoteIdentifier(one.channel(), true));
        established.add(one);
        one.established();
      }
    }
  }

  private void deliver(PGNotification notification) {
    for (NotificationSubscription subscription : subscriptions) {
      if (subscription.channel().equals(notification.getName())) {
        subscription.arrived(notification.getParameter());
      }
    }
  }

  private static long millisSince(long nanoTime) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
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
