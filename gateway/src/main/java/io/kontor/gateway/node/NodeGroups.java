package io.kontor.gateway.node;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All nodes behind the gateway, by the name of their group. */
public record NodeGroups(Map<String, NodeGroup> byName) {
  public NodeGroups {
    byName = Map.copyOf(byName);
  }

  /** The group of this name, which exists. */
  public NodeGroup get(String name) {
    return Objects.requireNonNull(byName.get(name), name);
  }

  /** Each node once, though it may be in several groups. */
  public List<Node> nodes() {
    return byName.values().stream()
        .map(NodeGroup::nodes)
        .flatMap(Collection::stream)
        .distinct()
        .toList();
  }
}
