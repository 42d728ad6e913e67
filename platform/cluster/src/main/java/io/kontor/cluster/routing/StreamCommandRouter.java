package io.kontor.cluster.routing;

import io.kontor.cluster.membership.ClusterMembership;
import io.kontor.cluster.role.NodeRole;
import io.kontor.cluster.role.NodeRoles;
import java.net.URI;
import java.util.Optional;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.distributed.CommandMessageFilter;
import org.axonframework.commandhandling.distributed.CommandRouter;
import org.axonframework.commandhandling.distributed.Member;
import org.axonframework.commandhandling.distributed.RoutingStrategy;
import org.axonframework.commandhandling.distributed.SimpleMember;

/**
 * Routes a command to the owner of its stream. A node with the command role that sees no owner (it
 * is alone, or cut off) handles the command itself.
 */
public final class StreamCommandRouter implements CommandRouter {
  private final ClusterMembership nodes;
  private final RoutingStrategy streams;
  private final Optional<Member> here;

  public StreamCommandRouter(ClusterMembership nodes, RoutingStrategy streams, NodeRoles roles) {
    this.nodes = nodes;
    this.streams = streams;
    this.here =
        roles.include(NodeRole.COMMAND)
            ? Optional.of(new SimpleMember<URI>("here", URI.create(""), true, null))
            : Optional.empty();
  }

  @Override
  public Optional<Member> findDestination(CommandMessage<?> command) {
    ClusterMembership.Ring ring = nodes.ring();
    if (ring.only() != null) {
      return Optional.of(ring.only());
    }
    return ring.owners().getMember(streams.getRoutingKey(command), command).or(() -> here);
  }

  /** No-op: a node's roles decide whether it handles commands, for all commands alike. */
  @Override
  public void updateMembership(int loadFactor, CommandMessageFilter commandFilter) {}
}
