package io.kontor.eventstore;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of events that other processes write. Should a notification get lost, the poll after the
 * time-out finds what it told of.
 */
final class NewsListener {
  private static final Logger log = LoggerFactory.getLogger(NewsListener.class);
  private static final int POLL_MILLIS = 1_000;

  private final DataSource dataSource;
  private final EventFeed feed;
  private final Thread thread =
      Thread.ofPlatform().name("event-news").daemon().unstarted(this::run);
  private volatile boolean stopped;

  NewsListener(DataSource dataSource, EventFeed feed) {
    this.dataSource = dataSource;
    this.feed = feed;
  }

  void start() {
    thread.start();
  }

  void stop() throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join(2 * POLL_MILLIS);
  }

  private void run() {
    while (!stopped) {
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(true);
        listen(connection);
      } catch (SQLException e) {
        log.debug("Lost the connection that listens for events", e);
        pause();
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("listen kontor_events");
      var notifications = connection.unwrap(PGConnection.class);
      while (!stopped) {
        PGNotification[] news = notifications.getNotifications(POLL_MILLIS);
        if (news == null || news.length == 0) {
          try (var row =
              statement.executeQuery("select coalesce(max(position), 0) from kontor.event")) {
            row.next();
            feed.advanceTo(row.getLong(1));
          }
        } else {
          feed.advanceTo(Long.parseLong(news[news.length - 1].getParameter()));
        }
      }
      statement.execute("unlisten *");
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      stopped = true;
      Thread.currentThread().interrupt();
    }
  }
}
