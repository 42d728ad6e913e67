package io.kontor.personaldata;

import io.kontor.database.listen.NotificationHandler;
import io.kontor.database.listen.NotificationSubscription;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.tenancy.StreamId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives notifications of keys that other processes deleted. While it can't, no key is cached.
 */
final class KeyRevocationHandler implements NotificationHandler {
  private static final Logger log = LoggerFactory.getLogger(KeyRevocationHandler.class);

  private final SubjectKeyStore keys;

  private KeyRevocationHandler(SubjectKeyStore keys) {
    this.keys = keys;
  }

  static NotificationSubscription subscribe(
      PostgresNotificationListener listener, DatabaseSchema schema, SubjectKeyStore keys) {
    return listener.subscribe(schema, SubjectKeyStore.GONE, new KeyRevocationHandler(keys));
  }

  @Override
  public void begins() {
    keys.listening(true);
  }

  /** A payload has the form of a stream id: {@code <tenant>/<uuid>}. */
  @Override
  public void hears(List<String> gone) {
    for (String key : gone) {
      try {
        StreamId named = StreamId.parse(key);
        keys.gone(named.tenant(), named.uuid());
      } catch (IllegalArgumentException stray) {
        // Any login can notify.
        log.warn("notification ignored channel={} length={}", SubjectKeyStore.GONE, key.length());
      }
    }
  }

  @Override
  public void ends() {
    keys.listening(false);
  }
}
