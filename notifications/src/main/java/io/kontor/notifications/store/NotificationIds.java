package io.kontor.notifications.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.notifications.rule.NotificationKind;
import java.time.Instant;
import java.util.UUID;

/**
 * The ids of notifications: UUID version 7 (RFC 9562) with the event's time, and in place of chance
 * what identifies a notification. An event that is processed again leads to the same ids.
 */
final class NotificationIds {
  private static final int TIME_SHIFT = 16;
  private static final long VERSION = 0x7000;
  private static final long BESIDE_VERSION = 0x0FFF;

  private NotificationIds() {}

  static UUID of(Instant at, String event, NotificationKind kind, String subject) {
    UUID digest = UUID.nameUUIDFromBytes((event + '/' + kind + '/' + subject).getBytes(UTF_8));
    return new UUID(
        first(at).getMostSignificantBits() | (digest.getMostSignificantBits() & BESIDE_VERSION),
        digest.getLeastSignificantBits());
  }

  /** The least of all ids of that time, which is in milliseconds. */
  static UUID first(Instant at) {
    return new UUID((at.toEpochMilli() << TIME_SHIFT) | VERSION, 0);
  }

  static Instant time(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> TIME_SHIFT);
  }
}
