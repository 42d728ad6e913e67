package io.kontor.gateway.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which node owns a stream, as the nodes place them: by Axon's consistent hash over the ids of
 * those that decide, with a hundred points each. Immutable.
 */
final class StreamRing {
  private static final int POINTS = 100;

  private final Map<String, Node> owners;
  private final NavigableMap<String, Node> points = new TreeMap<>();

  /**
   * @param owners nodes by the ids that they have said
   */
  StreamRing(Map<String, Node> owners) {
    this.owners = Map.copyOf(owners);
    // In the order of ids, as nodes do, should two points be equal.
    new TreeMap<>(owners)
        .forEach(
            (id, node) -> {
              for (int i = 0; i < POINTS; i++) {
                points.put(hash(id + " #" + i), node);
              }
            });
  }

  boolean isOf(Map<String, Node> current) {
    return owners.equals(current);
  }

  /**
   * Empty when no node has said its id.
   *
   * @param stream {@code <tenant>/<uuid>}
   */
  Optional<Node> ownerOf(String stream) {
    Map.Entry<String, Node> next = points.ceilingEntry(hash(stream));
    return Optional.ofNullable(next == null ? points.firstEntry() : next).map(Map.Entry::getValue);
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
