package io.kontor.eventstore.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.tenancy.StreamId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The hash chain of a tenant's events: each hash covers the hash of the tenant's previous event and
 * the event's own stored columns. Changing, removing or adding an event breaks all that follow.
 *
 * <p>The position is not hashed, since it depends on other tenants' events; the chain fixes the
 * order within a tenant. {@code kontor.event_hash} is the same function in SQL.
 */
public final class EventChain {
  /** The hash before a tenant's first event. */
  public static final Sha256 START = Sha256.stored(new byte[Sha256.LENGTH]);

  private static final int NONE = -1;

  private EventChain() {}

  /** The hash of an event whose predecessor in the tenant's chain has the hash {@code previous}. */
  public static Sha256 next(Sha256 previous, int unitRest, Sha256 content) {
    MessageDigest digest = Sha256.start();
    digest.update(previous.bytes());
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(unitRest).flip());
    digest.update(content.bytes());
    return Sha256.of(digest);
  }

  /** The hash that a stored event should have. */
  public static Sha256 next(Sha256 previous, StoredEvent event) {
    return next(
        previous,
        event.unitRest(),
        content(
            event.stream(),
            event.sequence(),
            event.streamType(),
            event.eventId(),
            event.type(),
            event.revision(),
            event.recordedAtMicros(),
            event.payload(),
            event.metadata()));
  }

  /**
   * The digest of an event's own columns: numbers big-endian, strings as their length in bytes and
   * UTF-8.
   */
  public static Sha256 content(
      StreamId stream,
      long sequence,
      String streamType,
      UUID eventId,
      String type,
      @Nullable String revision,
      long recordedAtMicros,
      String payload,
      String metadata) {
    MessageDigest digest = Sha256.start();
    add(digest, stream.tenant().value());
    add(digest, stream.uuid());
    add(digest, sequence);
    add(digest, streamType);
    add(digest, eventId);
    add(digest, type);
    add(digest, revision);
    add(digest, recordedAtMicros);
    add(digest, payload);
    add(digest, metadata);
    return Sha256.of(digest);
  }

  private static void add(MessageDigest digest, @Nullable String text) {
    if (text == null) {
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(NONE).flip());
    } else {
      byte[] bytes = text.getBytes(UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
  }

  private static void add(MessageDigest digest, long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
  }

  private static void add(MessageDigest digest, UUID uuid) {
    add(digest, uuid.getMostSignificantBits());
    add(digest, uuid.getLeastSignificantBits());
  }
}
