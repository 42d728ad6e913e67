package io.kontor.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kontor.redis.RedisNode;
import io.kontor.redis.RedisNodes;
import io.kontor.redis.RedisScript;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Copies in Redis. Each is written to all replicas at once and read from the first that answers;
 * the replicas before it that lack it get it. A server that fails is passed over, and without one
 * nothing is found: no method throws.
 *
 * <p>A value is its version in fixed width, a letter (value, absent or invalidated) and the
 * content, so that a server can compare versions as text.
 */
final class RemoteCache {
  /** Stores unless what is there is later; an invalidation neither replaces its own version. */
  private static final RedisScript STORE =
      new RedisScript(
          """
          local old = redis.call('GETRANGE', KEYS[1], 0, 28)
          if old > ARGV[1] or (old == ARGV[1] and ARGV[4] == 'I') then return 0 end
          redis.call('SET', KEYS[1], ARGV[1] .. ARGV[4] .. ARGV[2], 'PX', ARGV[3])
          return 1
          """);

  /**
   * An invalidation outlives every load that began before it, which {@link ReadModelCache} takes
   * for void by then.
   */
  static final Duration INVALIDATION_TTL = Duration.ofMinutes(1);

  private static final int HEADER = 30;
  private static final byte VALUE = 'V';
  private static final byte ABSENT = 'A';
  private static final byte INVALIDATED = 'I';
  private static final byte[] NOTHING = {};

  private final RedisNodes nodes;

  RemoteCache(RedisNodes nodes) {
    this.nodes = nodes;
  }

  /**
   * A copy as it is stored.
   *
   * @param content null for an absent value
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Stored(Version version, byte @Nullable [] content) {}

  @Nullable Stored get(String key) {
    List<RedisNode> lacking = new ArrayList<>();
    for (RedisNode node : nodes.nodesOf(key)) {
      byte[] found;
      try {
        found = node.get(key).join();
      } catch (CompletionException unavailable) {
        continue;
      }
      if (found == null) {
        lacking.add(node);
      } else {
        Stored stored = parse(found);
        if (stored != null) {
          repair(key, stored, lacking);
        }
        return stored;
      }
    }
    return null;
  }

  void put(String key, Stored stored, Duration ttl) {
    store(
        nodes.nodesOf(key),
        key,
        stored.version(),
        stored.content() == null ? ABSENT : VALUE,
        stored.content() == null ? NOTHING : stored.content(),
        ttl);
  }

  void invalidate(String key, Version version) {
    store(nodes.nodesOf(key), key, version, INVALIDATED, NOTHING, INVALIDATION_TTL);
  }

  /** Briefly: the time that the copy has left is not known. */
  private void repair(String key, Stored stored, List<RedisNode> lacking) {
    if (!lacking.isEmpty()) {
      store(
          lacking,
          key,
          stored.version(),
          stored.content() == null ? ABSENT : VALUE,
          stored.content() == null ? NOTHING : stored.content(),
          INVALIDATION_TTL);
    }
  }

  private static void store(
      List<RedisNode> nodes, String key, Version version, byte kind, byte[] content, Duration ttl) {
    List<byte[]> arguments =
        List.of(
            "%010d%019d".formatted(version.edition(), version.position()).getBytes(US_ASCII),
            content,
            Long.toString(Math.max(1, ttl.toMillis())).getBytes(US_ASCII),
            new byte[] {kind});
    for (RedisNode node : nodes) {
      // A failure counts in the node's circuit; the copy is missing or unusable then.
      var _ = node.run(STORE, List.of(key), arguments);
    }
  }

  /** Null if it is invalidated or was not written by this class. */
  private static @Nullable Stored parse(byte[] bytes) {
    if (bytes.length < HEADER || bytes[HEADER - 1] == INVALIDATED) {
      return null;
    }
    try {
      String header = US_ASCII.decode(ByteBuffer.wrap(bytes, 0, HEADER - 1)).toString();
      var version =
          new Version(
              Long.parseLong(header.substring(0, 10)), Long.parseLong(header.substring(10)));
      return new Stored(
          version,
          bytes[HEADER - 1] == ABSENT ? null : Arrays.copyOfRange(bytes, HEADER, bytes.length));
    } catch (NumberFormatException foreign) {
      return null;
    }
  }
}
