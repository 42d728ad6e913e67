package io.kontor.eventstore.subscription;

import io.kontor.database.listen.NotificationHandler;
import io.kontor.database.listen.NotificationSubscription;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.read.RewindGuard.RewoundException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives notifications of appends by other processes. */
public final class AppendNotificationHandler implements NotificationHandler {
  private static final Logger log = LoggerFactory.getLogger(AppendNotificationHandler.class);
  private static final String CHANNEL = "events";

  private final EventFeed feed;
  private final RewindGuard guard;
  private final DataSource sessions;
  private final DataSource worker;

  private AppendNotificationHandler(
      EventFeed feed, RewindGuard guard, DataSource sessions, DataSource worker) {
    this.feed = feed;
    this.guard = guard;
    this.sessions = sessions;
    this.worker = worker;
  }

  /**
   * @param sessions opens a connection for what must not wait for a pool's
   * @param worker a pool
   */
  public static NotificationSubscription subscribe(
      PostgresNotificationListener listener,
      DatabaseSchema schema,
      EventFeed feed,
      RewindGuard guard,
      DataSource sessions,
      DataSource worker) {
    return listener.subscribe(
        schema, CHANNEL, new AppendNotificationHandler(feed, guard, sessions, worker));
  }

  @Override
  public void begins() throws SQLException {
    look(sessions);
  }

  @Override
  public void hears(List<String> positions) {
    for (String position : positions) {
      try {
        feed.advanceTo(Long.parseLong(position));
      } catch (NumberFormatException stray) {
        // Any login can notify.
        log.warn("notification ignored channel={} length={}", CHANNEL, position.length());
      }
    }
  }

  /** Detects a rewound database while nothing is stored. */
  @Override
  public void hearsNothing() {
    try {
      look(worker);
    } catch (SQLException busy) {
      log.debug("rewinding not checked; will be tried again", busy);
    }
  }

  private void look(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection()) {
      feed.advanceTo(guard.look(connection).position());
    } catch (RewoundException stopped) {
      // the guard has logged it and stopped the node
    }
  }
}
