package io.kontor.cluster.membership;

import io.kontor.cluster.role.NodeRole;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.commandhandling.distributed.ConsistentHash;
import org.axonframework.commandhandling.distributed.Member;
import org.axonframework.commandhandling.distributed.SimpleMember;
import org.axonframework.commandhandling.distributed.commandfilter.AcceptAll;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The live nodes and the owners of streams, as this node sees them. It sends a heartbeat every
 * second; other nodes are live by the database's clock, and this one as long as its heartbeats
 * succeed. Views may differ: two nodes may own a stream for a while, and then the event table's
 * unique key detects the conflict.
 */
public final class ClusterMembership implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ClusterMembership.class);

  /** Positions on the hash ring per node, Axon's default. */
  private static final int PLACES = 100;

  private final Supplier<ClusterNode> selfSupplier;
  private final Supplier<Optional<String>> unfitReason;
  private final Duration heartbeat;
  private final Duration lease;
  private final NodeRegistry table;
  private final Map<UUID, Long> suspectedAt = new ConcurrentHashMap<>();
  private volatile List<ClusterNode> live = List.of();
  private volatile Ring ring = new Ring(new ConsistentHash(), null);
  private volatile Optional<UUID> ownerId = Optional.empty();
  private volatile long toldAt;
  private volatile long aliveAt = System.nanoTime();
  private volatile boolean running;
  private @Nullable ClusterNode self;
  private @Nullable Thread thread;

  /** The owners of streams; {@code only} is set when there is a single member. */
  public record Ring(ConsistentHash owners, @Nullable Member only) {}

  /**
   * @param selfSupplier called when the node joins, since its address is not known before
   * @param heartbeat the interval; a node without a heartbeat for five of them owns no streams, and
   *     one that could not be reached receives no commands for as long
   * @param unfitReason why this node can't handle commands any more, if so: it then leaves for good
   */
  public ClusterMembership(
      Supplier<ClusterNode> selfSupplier,
      DataSource sessions,
      Duration heartbeat,
      Supplier<Optional<String>> unfitReason) {
    this.selfSupplier = selfSupplier;
    this.unfitReason = unfitReason;
    this.heartbeat = heartbeat;
    this.lease = heartbeat.multipliedBy(5);
    this.table = new NodeRegistry(sessions, lease);
  }

  /** The members that handle commands, as this node sees them. */
  public Ring ring() {
    return ring;
  }

  /** The id by which this node owns streams; empty while it owns none. */
  public Optional<UUID> ownerId() {
    return ownerId;
  }

  /** The live nodes, this one included. */
  public List<ClusterNode> live() {
    return live;
  }

  /** The number of live nodes, this one included. */
  public int count() {
    return live.size();
  }

  /** Excludes an unreachable node until its lease has had time to expire. */
  void suspect(UUID node) {
    suspectedAt.put(node, System.nanoTime());
    believe();
  }

  @Override
  public void start() {
    self = selfSupplier.get();
    sendHeartbeat();
    running = true;
    thread = Thread.ofPlatform().name("heartbeat").daemon().start(this::run);
  }

  @Override
  public void stop() {
    running = false;
    if (thread != null && self != null) {
      try {
        thread.interrupt();
        thread.join(heartbeat);
        table.leave(self);
        if (live.size() > 1) {
          // The other nodes notice within a heartbeat, and this node serves until then.
          TimeUnit.MILLISECONDS.sleep(heartbeat.toMillis() * 3 / 2);
        }
      } catch (SQLException e) {
        log.warn("leaving not recorded cause={}", e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        table.close();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * The time since the last iteration of the heartbeat loop: some seconds at most while it runs,
   * even during a database outage.
   */
  public Duration sinceSignOfLife() {
    return Duration.ofNanos(System.nanoTime() - aliveAt);
  }

  private void run() {
    try {
      while (running) {
        TimeUnit.MILLISECONDS.sleep(heartbeat.toMillis());
        try {
          sendHeartbeat();
        } catch (RuntimeException | Error unexpected) {
          log.error("heartbeat failed", unexpected);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Not synchronized: a caller of {@link #suspect} does not wait for the database. */
  private void sendHeartbeat() {
    ClusterNode me = self;
    if (me == null) {
      return;
    }
    aliveAt = System.nanoTime();
    try {
      long before = System.nanoTime();
      Optional<String> unfit = unfitReason.get();
      List<ClusterNode> now = unfit.isPresent() ? table.leave(me) : table.tell(me);
      toldAt = before;
      if (!now.equals(live)) {
        log.info(
            "membership changed nodes={}", now.stream().map(ClusterMembership::shown).toList());
        unfit.ifPresent(why -> log.error("node withdrawn id={} reason={}", me.id(), why));
        live = now;
      }
    } catch (SQLException | RuntimeException e) {
      log.warn("heartbeat failed cause={}", e.toString());
    } finally {
      believe();
    }
  }

  private synchronized void believe() {
    ClusterNode me = self;
    if (me == null) {
      return;
    }
    long now = System.nanoTime();
    suspectedAt.values().removeIf(since -> now - since > lease.toNanos());
    boolean expired = now - toldAt > lease.toNanos();
    List<ClusterNode> owners =
        live.stream()
            .filter(node -> node.roles().include(NodeRole.COMMAND))
            .filter(node -> node.version().equals(me.version()))
            .filter(node -> !suspectedAt.containsKey(node.id()))
            .filter(node -> !(expired && node.id().equals(me.id())))
            .toList();
    var hash = new ConsistentHash();
    for (ClusterNode node : owners) {
      hash = hash.with(member(node, me), PLACES, AcceptAll.INSTANCE);
    }
    ring = new Ring(hash, owners.size() == 1 ? member(owners.getFirst(), me) : null);
    ownerId = owners.stream().map(ClusterNode::id).filter(me.id()::equals).findFirst();
  }

  private Member member(ClusterNode node, ClusterNode me) {
    return new SimpleMember<URI>(
        node.id().toString(),
        node.address(),
        node.id().equals(me.id()),
        unreached -> suspect(node.id()));
  }

  private static String shown(ClusterNode node) {
    return "%s (%s)".formatted(node.address(), node.roles());
  }
}
