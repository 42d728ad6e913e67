package io.kontor.personaldata;

import io.kontor.notifications.NotificationHandler;
import io.kontor.notifications.PostgresNotificationListener;
import io.kontor.tenancy.StreamId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears from other processes which keys are gone. While it can't, no key is kept in memory. */
final class KeyRevocationHandler implements NotificationHandler {
  private static final Logger log = LoggerFactory.getLogger(KeyRevocationHandler.class);

  private final SubjectKeyStore keys;

  private KeyRevocationHandler(SubjectKeyStore keys) {
    this.keys = keys;
  }

  static PostgresNotificationListener listener(DataSource dataSource, SubjectKeyStore keys) {
    return new PostgresNotificationListener(
        dataSource, SubjectKeyStore.GONE, new KeyRevocationHandler(keys));
  }

  @Override
  public void begins() {
    keys.listening(true);
  }

  /** A key is written like a stream: {@code <tenant>/<uuid>}. */
  @Override
  public void hears(List<String> gone) {
    for (String key : gone) {
      try {
        StreamId named = StreamId.parse(key);
        keys.gone(named.tenant(), named.uuid());
      } catch (IllegalArgumentException stray) {
        // Any login may notify.
        log.warn("notification ignored channel={} length={}", SubjectKeyStore.GONE, key.length());
      }
    }
  }

  @Override
  public void hearsNothing(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("select 1");
    }
  }

  @Override
  public void ends() {
    keys.listening(false);
  }
}
