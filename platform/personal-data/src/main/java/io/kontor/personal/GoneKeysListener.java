package io.kontor.personal;

import io.kontor.tenancy.StreamId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears from other processes which keys are gone. While it can't, no key is kept in memory. */
final class GoneKeysListener {
  private static final Logger log = LoggerFactory.getLogger(GoneKeysListener.class);
  private static final int CHECK_MILLIS = 1_000;

  private final DataSource dataSource;
  private final SubjectKeys keys;
  private final Thread thread = Thread.ofPlatform().name("gone-keys").daemon().unstarted(this::run);
  private volatile boolean stopped;

  GoneKeysListener(DataSource dataSource, SubjectKeys keys) {
    this.dataSource = dataSource;
    this.keys = keys;
  }

  void start() {
    thread.start();
  }

  void stop() throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join(2 * CHECK_MILLIS);
  }

  private void run() {
    while (!stopped) {
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(true);
        listen(connection);
      } catch (SQLException e) {
        log.debug("Lost the connection that listens for keys", e);
        pause();
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("listen " + SubjectKeys.GONE);
      keys.listening(true);
      var notifications = connection.unwrap(PGConnection.class);
      while (!stopped) {
        PGNotification[] gone = notifications.getNotifications(CHECK_MILLIS);
        if (gone == null || gone.length == 0) {
          statement.execute("select 1");
        } else {
          for (PGNotification key : gone) {
            // Written like a stream: <tenant>/<uuid>.
            StreamId named = StreamId.parse(key.getParameter());
            keys.gone(named.tenant(), named.uuid());
          }
        }
      }
      statement.execute("unlisten *");
    } finally {
      keys.listening(false);
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(CHECK_MILLIS);
    } catch (InterruptedException e) {
      stopped = true;
      Thread.currentThread().interrupt();
    }
  }
}
