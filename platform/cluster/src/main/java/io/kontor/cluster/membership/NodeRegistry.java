package io.kontor.cluster.membership;

import io.kontor.cluster.role.NodeRoles;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of nodes and heartbeats. It has a connection of its own, so that a heartbeat never
 * waits for a full pool, and a short timeout detects a silent database.
 */
final class NodeRegistry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeRegistry.class);
  private static final int TIMEOUT_MILLIS = 2_000;

  private static final String HEARTBEAT =
      """
      insert into node (node_id, address, roles, version, seen_at)
      values (?, ?, ?, ?, clock_timestamp())
      on conflict (node_id) do update set seen_at = excluded.seen_at
      """;
  private static final String LIVE =
      """
      select node_id, address, roles, version from node
      where seen_at > clock_timestamp() - ? * interval '1 millisecond' order by node_id
      """;

  /** Deletes rows of nodes that died some time ago. */
  private static final String FORGET =
      "delete from node where seen_at < clock_timestamp() - interval '1 minute'";

  private final DataSource sessions;
  private final Duration lease;
  private @Nullable Connection connection;

  NodeRegistry(DataSource sessions, Duration lease) {
    this.sessions = sessions;
    this.lease = lease;
  }

  /** Writes a heartbeat of {@code self} and returns all live nodes, {@code self} included. */
  synchronized List<ClusterNode> tell(ClusterNode self) throws SQLException {
    try {
      Connection sql = open();
      try (var heartbeat = sql.prepareStatement(HEARTBEAT)) {
        heartbeat.setObject(1, self.id());
        heartbeat.setString(2, self.address().toString());
        heartbeat.setArray(3, sql.createArrayOf("text", roles(self)));
        heartbeat.setString(4, self.version());
        heartbeat.executeUpdate();
      }
      return live(sql);
    } catch (SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Removes {@code self}, and nodes that died long ago; returns the remaining live nodes. */
  synchronized List<ClusterNode> leave(ClusterNode self) throws SQLException {
    try {
      Connection sql = open();
      try (var leave = sql.prepareStatement("delete from node where node_id = ?");
          var forget = sql.createStatement()) {
        leave.setObject(1, self.id());
        leave.executeUpdate();
        forget.executeUpdate(FORGET);
      }
      return live(sql);
    } catch (SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    try (Connection open = connection) {
      connection = null;
    } catch (SQLException e) {
      log.debug("lost connection closed", e);
    }
  }

  private List<ClusterNode> live(Connection sql) throws SQLException {
    try (var live = sql.prepareStatement(LIVE)) {
      live.setLong(1, lease.toMillis());
      List<ClusterNode> nodes = new ArrayList<>();
      try (ResultSet row = live.executeQuery()) {
        while (row.next()) {
          node(row).ifPresent(nodes::add);
        }
      }
      return nodes;
    }
  }

  /** The node of a row; empty when a newer version wrote roles that are unknown here. */
  private static Optional<ClusterNode> node(ResultSet row) throws SQLException {
    UUID id = row.getObject(1, UUID.class);
    List<String> roles = List.of((String[]) row.getArray(3).getArray());
    try {
      URI address = URI.create(row.getString(2));
      String version = row.getString(4);
      return NodeRoles.known(roles).map(known -> new ClusterNode(id, address, known, version));
    } catch (IllegalArgumentException malformed) {
      log.warn("node ignored id={} reason={}", id, malformed.getMessage());
      return Optional.empty();
    }
  }

  private Connection open() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = sessions.getConnection();
      connection = open;
      open.setAutoCommit(true);
      open.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
      try (var forget = open.createStatement()) {
        forget.executeUpdate(FORGET);
      }
    }
    return open;
  }

  private static String[] roles(ClusterNode node) {
    return Stream.of(node.roles().toString().split(",")).toArray(String[]::new);
  }
}
