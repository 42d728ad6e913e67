package io.kontor.gateway.node;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.commandhandling.distributed.ConsistentHash;
import org.axonframework.commandhandling.distributed.SimpleMember;
import org.axonframework.commandhandling.distributed.commandfilter.AcceptAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class NodeGroupTest {
  private final AtomicLong clock = new AtomicLong();
  private final Node one = node(1);
  private final Node two = node(2);
  private final Node three = node(3);
  private final NodeGroup group = group(Balancing.LEAST_REQUESTS);

  @Test
  void nodesTakeTurns() {
    NodeGroup turns = group(Balancing.ROUND_ROBIN);
    one.begin();
    one.begin();
    assertThat(chosen(turns, 6)).containsExactly(one, two, three, one, two, three);
  }

  @Test
  void theNodeWithTheFewestRequestsIsNext() {
    one.begin();
    two.begin();
    assertThat(chosen(group, 3)).containsExactly(three, three, three);
    three.begin();
    three.begin();
    one.end();
    assertThat(chosen(group, 2)).containsExactly(one, one);
  }

  @Test
  void aNodeThatTakesNoConnectionGetsNoRequestUntilItIsReadyAgain() {
    one.unreached(1, new ConnectException());
    assertThat(chosen(group, 9)).doesNotContain(one).contains(two, three);
    one.checked(true);
    clock.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(chosen(group, 9)).contains(one, two, three);
  }

  @Test
  void aNodeIsDownAfterTwoFailedChecks() {
    one.checked(false);
    assertThat(one.isUp()).isTrue();
    one.checked(false);
    assertThat(one.isUp()).isFalse();
    one.checked(true);
    assertThat(one.isUp()).isTrue();
  }

  @Test
  void aNodeThatLosesHalfOfItsRequestsGetsNone() {
    for (int i = 0; i < 5; i++) {
      two.lost(1, new IOException("reset"));
    }
    assertThat(chosen(group, 9)).doesNotContain(two);
  }

  @Test
  void anotherIsChosenForEachAttemptAndTheBestOfTheDownWhereNoneIsLeft() {
    Stream.of(one, two, three).forEach(node -> node.unreached(1, new ConnectException()));
    three.checked(true);
    assertThat(group.choose(Set.of())).contains(three);
    assertThat(group.choose(Set.of(three))).isPresent();
    assertThat(group.choose(Set.of(one, two, three))).isEmpty();
  }

  @Test
  void aNodeThatIsBackGetsItsShareSlowly() {
    one.unreached(1, new ConnectException());
    one.checked(true);
    assertThat(one.weight()).isEqualTo(0.1);
    clock.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(one.weight()).isEqualTo(0.5);
    two.begin();
    three.begin();
    // (0 + 1) / 0.5 is as much as (1 + 1) / 1.
    assertThat(Set.copyOf(chosen(group, 9))).isEqualTo(Stream.of(one, two, three).collect(toSet()));
    clock.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(chosen(group, 3)).containsExactly(one, one, one);
  }

  @Test
  void aCommandGoesToTheNodeThatAxonsHashSays() {
    var hash = new ConsistentHash();
    for (Node node : List.of(one, two, three)) {
      String id = UUID.randomUUID().toString();
      node.ready(id);
      hash = hash.with(new SimpleMember<>(id, node, false, null), 100, AcceptAll.INSTANCE);
    }
    for (int i = 0; i < 1_000; i++) {
      String stream = "acme/" + UUID.randomUUID();
      Node owner =
          hash.getEligibleMembers(stream).iterator().next().getConnectionEndpoint(Node.class).get();
      assertThat(group.choose(Set.of(), stream)).contains(owner);
    }
  }

  @Test
  void whereTheOwnerIsLostAnotherGetsTheCommandAndThoseOfOthersStayWhereTheyAre() {
    Stream.of(one, two, three).forEach(node -> node.ready(UUID.randomUUID().toString()));
    Map<String, Node> before = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      String stream = "acme/" + UUID.randomUUID();
      before.put(stream, group.choose(Set.of(), stream).orElseThrow());
    }
    assertThat(Set.copyOf(before.values())).containsExactlyInAnyOrder(one, two, three);
    two.unreached(1, new ConnectException());
    before.forEach(
        (stream, owner) -> {
          Node now = group.choose(Set.of(), stream).orElseThrow();
          assertThat(now).isNotEqualTo(two);
          assertThat(now == owner || owner == two).isTrue();
          assertThat(group.choose(Set.of(now), stream)).isPresent().isNotEqualTo(Optional.of(now));
        });
  }

  @Test
  void whereNoNodeSaysWhatItOwnsCommandsAreSpreadOut() {
    assertThat(
            IntStream.range(0, 9)
                .mapToObj(_ -> group.choose(Set.of(), "acme/1").orElseThrow())
                .collect(toSet()))
        .hasSize(3);
  }

  private NodeGroup group(Balancing balancing) {
    return new NodeGroup("query", List.of(one, two, three), balancing);
  }

  private static List<Node> chosen(NodeGroup group, int times) {
    return IntStream.range(0, times).mapToObj(i -> group.choose(Set.of()).orElseThrow()).toList();
  }

  private Node node(int number) {
    return new Node(URI.create("http://node-" + number), Duration.ofSeconds(10), clock::get);
  }
}
