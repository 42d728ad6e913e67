package io.kontor.cache;

import io.kontor.database.listen.NotificationHandler;
import io.kontor.database.listen.NotificationSubscription;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.schema.DatabaseSchema;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives the changes of all processes. While it can't, no copy is used. */
public final class ChangeHandler implements NotificationHandler {
  private static final Logger log = LoggerFactory.getLogger(ChangeHandler.class);
  private static final int PARTS = 6;

  private final KnownChanges changes;
  private final Supplier<String> database;
  private final Supplier<Map<String, Version>> versions;

  private ChangeHandler(
      KnownChanges changes, Supplier<String> database, Supplier<Map<String, Version>> versions) {
    this.changes = changes;
    this.database = database;
    this.versions = versions;
  }

  /**
   * @param database identifies the database and its history
   * @param versions reads the versions of all models
   */
  public static NotificationSubscription subscribe(
      PostgresNotificationListener listener,
      DatabaseSchema schema,
      KnownChanges changes,
      Supplier<String> database,
      Supplier<Map<String, Version>> versions) {
    return listener.subscribe(
        schema, ChangePublisher.CHANNEL, new ChangeHandler(changes, database, versions));
  }

  @Override
  public void begins() {
    changes.begin(database.get(), versions.get());
  }

  @Override
  public void hears(List<String> payloads) {
    for (String payload : payloads) {
      try {
        hear(payload.split(" ", -1));
      } catch (IllegalArgumentException stray) {
        // Any login can notify.
        log.warn(
            "notification ignored channel={} length={}", ChangePublisher.CHANNEL, payload.length());
      }
    }
    changes.stayAlive();
  }

  /** Two parts, model and edition, come from the table's trigger. */
  private void hear(String[] parts) {
    if (parts.length == 2) {
      changes.compare(versions.get());
      return;
    }
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("not a change");
    }
    int[] buckets = buckets(parts[5]);
    long to = Long.parseLong(parts[3]);
    if (parts[4].equals("+") && buckets != null) {
      changes.mark(buckets, to);
    } else {
      changes.apply(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), to, buckets);
    }
  }

  @Override
  public void hearsNothing() {
    changes.compare(versions.get());
    changes.stayAlive();
  }

  @Override
  public void ends() {
    changes.end();
  }

  private static int @Nullable [] buckets(String text) {
    if (text.equals(ChangePublisher.ALL)) {
      return null;
    }
    byte[] bytes = Base64.getDecoder().decode(text);
    int[] buckets = new int[bytes.length / 3];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] =
          (((bytes[3 * i] & 0xff) << 16)
                  | ((bytes[3 * i + 1] & 0xff) << 8)
                  | (bytes[3 * i + 2] & 0xff))
              & (KnownChanges.BUCKETS - 1);
    }
    return buckets;
  }
}
