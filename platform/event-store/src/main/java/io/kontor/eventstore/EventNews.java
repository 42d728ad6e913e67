package io.kontor.eventstore;

import io.kontor.notifications.Hearer;
import io.kontor.notifications.NotificationListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Hears of events that other processes write. */
final class EventNews implements Hearer {
  private final EventFeed feed;

  private EventNews(EventFeed feed) {
    this.feed = feed;
  }

  static NotificationListener listener(DataSource dataSource, EventFeed feed) {
    return new NotificationListener(dataSource, "kontor_events", new EventNews(feed));
  }

  @Override
  public void hears(List<String> positions) {
    feed.advanceTo(Long.parseLong(positions.getLast()));
  }

  @Override
  public void hearsNothing(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select coalesce(max(position), 0) from kontor.event")) {
      row.next();
      feed.advanceTo(row.getLong(1));
    }
  }
}
