package io.kontor.redis;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Places keys on nodes by consistent hashing: each node has many points on a ring of 64-bit hashes,
 * and a key belongs to the nodes that follow its hash. The placement depends on the nodes' names
 * only, not on their order or on the process. Immutable.
 *
 * @see <a href="https://doi.org/10.1145/258533.258660">Karger et al.: Consistent Hashing and Random
 *     Trees</a>
 */
public final class HashRing<N> {
  private static final Hasher64 HASH = Hashing.xxh3_64();

  private final long[] points;
  private final List<N> owners;
  private final int nodes;

  private record Point<N>(long hash, N owner) {}

  private HashRing(long[] points, List<N> owners, int nodes) {
    this.points = points;
    this.owners = owners;
    this.nodes = nodes;
  }

  /**
   * @param name a node's name, equal in all processes
   * @param virtualNodes points of each node
   * @throws IllegalArgumentException if two nodes have the same name
   */
  public static <N> HashRing<N> of(
      Collection<N> nodes, Function<? super N, String> name, int virtualNodes) {
    Map<String, N> named = new TreeMap<>();
    for (N node : nodes) {
      if (named.putIfAbsent(name.apply(node), node) != null) {
        throw new IllegalArgumentException("two nodes are named " + name.apply(node));
      }
    }
    List<Point<N>> ring = new ArrayList<>();
    named.forEach(
        (node, owner) -> {
          for (int i = 0; i < virtualNodes; i++) {
            ring.add(new Point<>(hash(node + "#" + i), owner));
          }
        });
    // Stable: of two equal points the one of the first name comes first in every process.
    ring.sort(Comparator.comparingLong(Point::hash));
    return new HashRing<>(
        ring.stream().mapToLong(Point::hash).toArray(),
        ring.stream().map(Point::owner).toList(),
        named.size());
  }

  /** The hash that places keys and nodes. */
  public static long hash(String text) {
    return HASH.hashCharsToLong(text);
  }

  /**
   * The distinct nodes that keep a key, the first one first.
   *
   * @param replicas how many; all nodes if there are fewer
   */
  public List<N> nodesOf(String key, int replicas) {
    int wanted = Math.min(replicas, nodes);
    List<N> found = new ArrayList<>(wanted);
    int place = placeOf(hash(key));
    while (found.size() < wanted) {
      N owner = owners.get(place);
      if (!found.contains(owner)) {
        found.add(owner);
      }
      place = (place + 1) % points.length;
    }
    return found;
  }

  private int placeOf(long hash) {
    int place = Arrays.binarySearch(points, hash);
    int following = place >= 0 ? place : -place - 1;
    while (following > 0 && following < points.length && points[following - 1] == hash) {
      following--;
    }
    return following < points.length ? following : 0;
  }
}
