package io.kontor.redis;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configured servers and the ring that places keys on them. Servers may join and leave while it
 * runs. With {@code kontor.redis.cluster} there is one node, the cluster.
 */
public final class RedisNodes implements AutoCloseable {
  /** Name of the node that stands for a whole Redis Cluster. */
  public static final String CLUSTER = "cluster";

  private static final Logger log = LoggerFactory.getLogger(RedisNodes.class);

  private final RedisProperties properties;
  private final MeterRegistry meters;
  private final RedisConnector connector;
  private final ReentrantLock change = new ReentrantLock();
  private final Map<String, Member> members = new TreeMap<>();
  private volatile HashRing<RedisNode> ring;
  private volatile List<RedisNode> all = List.of();

  private record Member(RedisNode node, List<Meter> meters) {}

  public RedisNodes(RedisProperties properties, MeterRegistry meters) {
    this.properties = properties;
    this.meters = meters;
    this.connector = new RedisConnector(properties);
    this.ring = HashRing.of(List.of(), RedisNode::name, properties.virtualNodes());
    if (properties.cluster()) {
      join(
          CLUSTER,
          new RedisNode(
              CLUSTER,
              () -> connector.connectCluster(properties.nodes()),
              properties.timeout(),
              timer(CLUSTER)));
      place();
    } else {
      use(properties.nodes());
    }
  }

  /** All servers, by name. */
  public List<RedisNode> all() {
    return all;
  }

  /** The nodes that keep a key, the first one first; none if no server is configured. */
  public List<RedisNode> nodesOf(String key) {
    return ring.nodesOf(key, properties.replicas());
  }

  /** Listens to a channel on all servers; a message may be lost with a connection. */
  public RedisSubscription subscribe(String channel, RedisSubscriber subscriber) {
    return new RedisSubscription(
            this::all,
            node ->
                properties.cluster()
                    ? connector.subscribeCluster(properties.nodes(), channel, subscriber)
                    : connector.subscribe(node.name(), channel, subscriber))
        .started();
  }

  /**
   * Replaces the servers; those that stay keep their connections.
   *
   * @throws IllegalStateException with a Redis Cluster, which has its own membership
   */
  public void use(Collection<String> addresses) {
    if (properties.cluster()) {
      throw new IllegalStateException("a Redis Cluster has its own membership");
    }
    change.lock();
    try {
      var wanted = new TreeSet<>(addresses);
      for (String name : List.copyOf(members.keySet())) {
        if (!wanted.contains(name)) {
          leave(name);
        }
      }
      for (String name : wanted) {
        if (!members.containsKey(name)) {
          join(
              name,
              new RedisNode(
                  name, () -> connector.connect(name), properties.timeout(), timer(name)));
        }
      }
      place();
    } finally {
      change.unlock();
    }
  }

  @Override
  public void close() {
    change.lock();
    try {
      List.copyOf(members.keySet()).forEach(this::leave);
      place();
    } finally {
      change.unlock();
    }
    connector.close();
  }

  private void join(String name, RedisNode node) {
    Gauge up =
        Gauge.builder("kontor.redis.node.up", node, one -> one.isUp() ? 1 : 0)
            .description("1 if the server is connected and answers")
            .tag("node", name)
            .register(meters);
    members.put(name, new Member(node, List.of(up, timer(name))));
    log.info("redis node joined node={}", name);
  }

  private void leave(String name) {
    Member left = members.remove(name);
    if (left != null) {
      left.node().close();
      left.meters().forEach(meters::remove);
      log.info("redis node left node={}", name);
    }
  }

  private void place() {
    List<RedisNode> nodes = new ArrayList<>();
    members.values().forEach(member -> nodes.add(member.node()));
    all = List.copyOf(nodes);
    ring = HashRing.of(nodes, RedisNode::name, properties.virtualNodes());
  }

  private Timer timer(String name) {
    return Timer.builder("kontor.redis.time")
        .description("time of a call to a server, failures included")
        .tag("node", name)
        .register(meters);
  }
}
