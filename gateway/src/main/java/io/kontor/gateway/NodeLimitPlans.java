package io.kontor.gateway;

import io.kontor.gateway.proxy.NodeProxyExchange;
import io.kontor.gateway.proxy.NodeProxyExchange.Reply;
import io.kontor.limits.LimitPlan;
import io.kontor.limits.LimitPlanLookup;
import io.kontor.tenancy.TenantId;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plans as nodes know them: a node is asked with a token or API key of the tenant. */
final class NodeLimitPlans implements LimitPlanLookup {
  private final NodeProxyExchange nodes;
  private final RouteTable routes;
  private final JsonMapper json;

  NodeLimitPlans(NodeProxyExchange nodes, RouteTable routes, JsonMapper json) {
    this.nodes = nodes;
    this.routes = routes;
    this.json = json;
  }

  @Override
  public Optional<LimitPlan> find(TenantId tenant, String token) {
    String group = routes.groupForReads(NodeApiKeys.CALLER).orElseThrow();
    Reply reply = nodes.get(group, NodeApiKeys.CALLER, token, null);
    if (reply.status() != HttpStatus.OK.value()) {
      throw new IllegalStateException("a node answered " + reply.status());
    }
    return planOf(json.readTree(reply.body()));
  }

  /**
   * @param caller as a node answers for whom it takes a token or API key
   */
  static Optional<LimitPlan> planOf(JsonNode caller) {
    JsonNode plan = caller.path("plan");
    return plan.isObject()
        ? Optional.of(
            new LimitPlan(plan.path("tenantPerMinute").asInt(), plan.path("userPerMinute").asInt()))
        : Optional.empty();
  }
}
