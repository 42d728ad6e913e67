package io.kontor.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** With the default of 4,000 points a node, over any nodes' names. */
@Tag("fast")
class HashRingTest {
  private static final int VIRTUAL_NODES = 4_000;
  private static final int KEYS = 50_000;

  @Property(tries = 10)
  void thePlacementIsTheSameWhateverTheOrderOfConfiguration(
      @ForAll int seed, @ForAll @IntRange(min = 1, max = 12) int count) {
    List<String> nodes = nodes(seed, count);
    List<String> shuffled = new ArrayList<>(nodes);
    Collections.shuffle(shuffled, new Random(seed));

    HashRing<String> one = ring(nodes);
    HashRing<String> other = ring(shuffled);

    for (int key = 0; key < 1_000; key++) {
      assertThat(one.nodesOf(key(key), 3)).isEqualTo(other.nodesOf(key(key), 3));
    }
  }

  @Property(tries = 10)
  void aKeysReplicasAreDistinctNodes(
      @ForAll int seed, @ForAll @IntRange(min = 1, max = 6) int count) {
    HashRing<String> ring = ring(nodes(seed, count));

    for (int key = 0; key < 1_000; key++) {
      List<String> replicas = ring.nodesOf(key(key), 3);
      assertThat(new HashSet<>(replicas)).hasSize(Math.min(3, count)).hasSize(replicas.size());
    }
  }

  @Property(tries = 10)
  void aNodeThatJoinsOrLeavesMovesAtMostItsShareAndTwoPercentOfTheKeys(
      @ForAll int seed, @ForAll @IntRange(min = 2, max = 12) int count) {
    List<String> after = nodes(seed, count);
    HashRing<String> larger = ring(after);
    HashRing<String> smaller = ring(after.subList(0, count - 1));

    long moved =
        IntStream.range(0, KEYS)
            .filter(key -> !first(larger, key).equals(first(smaller, key)))
            .count();

    assertThat((double) moved / KEYS).isLessThanOrEqualTo(1.0 / count + 0.02);
  }

  @Property(tries = 20)
  void theBusiestOfTenNodesHasAtMostFifteenPercentMoreThanTheMean(@ForAll int seed) {
    HashRing<String> ring = ring(nodes(seed, 10));
    Map<String, Integer> load = new HashMap<>();

    IntStream.range(0, KEYS).forEach(key -> load.merge(first(ring, key), 1, Integer::sum));

    assertThat(Collections.max(load.values())).isLessThanOrEqualTo(KEYS / 10 * 115 / 100);
  }

  private static HashRing<String> ring(List<String> nodes) {
    return HashRing.of(nodes, Function.identity(), VIRTUAL_NODES);
  }

  private static List<String> nodes(int seed, int count) {
    return IntStream.range(0, count).mapToObj(i -> "redis-%d-%d:6379".formatted(seed, i)).toList();
  }

  private static String key(int number) {
    return "account:" + number;
  }

  private static String first(HashRing<String> ring, int key) {
    return ring.nodesOf(key(key), 1).getFirst();
  }
}
