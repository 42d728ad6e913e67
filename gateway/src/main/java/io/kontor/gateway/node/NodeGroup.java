package io.kontor.gateway.node;

import static java.util.Comparator.comparingDouble;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Nodes that serve the same calls. */
public final class NodeGroup {
  private final String name;
  private final List<Node> nodes;
  private final Balancing balancing;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile StreamRing ring = new StreamRing(Map.of());

  /**
   * @param nodes at least one
   */
  public NodeGroup(String name, List<Node> nodes, Balancing balancing) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.balancing = balancing;
  }

  public String name() {
    return name;
  }

  public List<Node> nodes() {
    return nodes;
  }

  /**
   * The node for the next attempt of a command: the owner of its stream, if that is up and was not
   * tried, or another.
   *
   * @param stream {@code <tenant>/<uuid>}; null for a request that is about none
   */
  public Optional<Node> choose(Set<Node> tried, @Nullable String stream) {
    return stream == null
        ? choose(tried)
        : ring()
            .ownerOf(stream)
            .filter(owner -> !tried.contains(owner) && owner.tryAcquire())
            .or(() -> choose(tried));
  }

  /** Nodes that are lost or join change it, and so does one that starts again: its id is new. */
  private StreamRing ring() {
    Map<String, Node> owners = new HashMap<>();
    for (Node node : nodes) {
      String id = node.ownerId();
      if (id != null && node.isUp()) {
        owners.put(id, node);
      }
    }
    StreamRing known = ring;
    if (!known.isOf(owners)) {
      known = new StreamRing(owners);
      ring = known;
    }
    return known;
  }

  /**
   * The node for the next attempt of a request; empty when all of them were tried. One that is down
   * or has an open circuit gets it only when no other is left: it may be back already.
   */
  public Optional<Node> choose(Set<Node> tried) {
    List<Candidate> candidates = candidates(tried);
    for (Candidate candidate : candidates) {
      if (candidate.node.tryAcquire()) {
        return Optional.of(candidate.node);
      }
    }
    return candidates.stream()
        .map(Candidate::node)
        .filter(Node::isUp)
        .findFirst()
        .or(() -> candidates.stream().map(Candidate::node).findFirst());
  }

  /** In the order in which they should get a request. */
  private List<Candidate> candidates(Set<Node> tried) {
    int first = Math.floorMod(turn.getAndIncrement(), nodes.size());
    List<Candidate> candidates = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get((first + i) % nodes.size());
      if (!tried.contains(node)) {
        candidates.add(new Candidate(node, load(node)));
      }
    }
    candidates.sort(comparingDouble(Candidate::load));
    return candidates;
  }

  private double load(Node node) {
    double weight = node.weight();
    return switch (balancing) {
      case LEAST_REQUESTS -> (node.underWay() + 1) / weight;
      // Out of turn as often as its weight says.
      case ROUND_ROBIN -> weight < 1 && ThreadLocalRandom.current().nextDouble() > weight ? 1 : 0;
    };
  }

  /**
   * @param load the lower, the sooner
   */
  private record Candidate(Node node, double load) {}
}
