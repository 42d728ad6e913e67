package io.kontor.gateway;

import io.kontor.gateway.node.Node;
import io.kontor.gateway.node.NodeGroups;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes and the state of the nodes behind them, for operators. */
@RestController
class RoutesController {
  private final RouteTable table;
  private final NodeGroups groups;

  RoutesController(RouteTable table, NodeGroups groups) {
    this.table = table;
    this.groups = groups;
  }

  /**
   * @param methods none: all others
   */
  record RouteAnswer(
      String path, List<String> methods, String group, List<NodeStateAnswer> nodes) {}

  /**
   * @param circuit as its circuit breaker says: {@code CLOSED}, {@code OPEN}, {@code HALF_OPEN}
   * @param weight its share of requests, 1 unless it was away a moment ago
   */
  record NodeStateAnswer(String url, boolean up, String circuit, int underWay, double weight) {
    static NodeStateAnswer of(Node node) {
      return new NodeStateAnswer(
          node.url().toString(),
          node.isUp(),
          node.circuit().name(),
          node.underWay(),
          node.weight());
    }
  }

  @GetMapping("/gateway/routes")
  List<RouteAnswer> routes() {
    return table.routes().stream()
        .map(
            route ->
                new RouteAnswer(
                    route.path(),
                    route.methods().stream().map(HttpMethod::name).sorted().toList(),
                    route.group(),
                    groups.get(route.group()).nodes().stream().map(NodeStateAnswer::of).toList()))
        .toList();
  }
}
