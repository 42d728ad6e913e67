package io.kontor.operations.node;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.cluster.membership.ClusterMembership;
import io.kontor.cluster.membership.ClusterNode;
import io.kontor.cluster.role.NodeRole;
import io.kontor.cluster.role.NodeRoles;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.header.KontorHeaders;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Which nodes there are, for operators. */
@Profile("!cell")
@RestController
@Tag(name = "Nodes")
class NodeController {
  private final ReadGateway gateway;
  private final ObjectProvider<ClusterMembership> membership;
  private final Environment environment;

  NodeController(
      ReadGateway gateway, ObjectProvider<ClusterMembership> membership, Environment environment) {
    this.gateway = gateway;
    this.membership = membership;
    this.environment = environment;
  }

  /**
   * @param address where other nodes reach it; missing, like the version, of a node that shares no
   *     secret with others
   */
  @Schema(name = "Node")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record NodeView(@Nullable URI address, List<String> roles, @Nullable String version) {}

  @GetMapping("/v1/admin/nodes")
  @Operation(
      operationId = "listNodes",
      summary = "The nodes that are live, as the one that answers sees them")
  List<NodeView> nodes(
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    ClusterMembership cluster = membership.getIfAvailable();
    return cluster == null
        ? List.of(new NodeView(null, names(NodeRoles.of(environment)), null))
        : cluster.live().stream()
            .sorted(Comparator.comparing(ClusterNode::address))
            .map(node -> new NodeView(node.address(), names(node.roles()), node.version()))
            .toList();
  }

  private static List<String> names(NodeRoles roles) {
    return roles.all().stream().sorted().map(NodeRole::toString).toList();
  }
}
