package io.kontor.gateway;

import static java.util.stream.Collectors.toMap;

import io.kontor.gateway.node.Node;
import io.kontor.gateway.node.NodeGroup;
import io.kontor.gateway.node.NodeGroups;
import io.kontor.gateway.node.NodeHealthChecks;
import io.kontor.gateway.proxy.NodeProxyExchange;
import io.kontor.gateway.proxy.ProxySettings;
import io.kontor.limits.LimitPlanLookup;
import io.kontor.limits.LimitsConfiguration;
import io.kontor.redis.RedisConfiguration;
import io.kontor.web.HttpServerConfiguration;
import io.kontor.web.correlation.CorrelationFilter;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.request.BodySizeLimitFilter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** The way of a request through the gateway. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
@Import({HttpServerConfiguration.class, LimitsConfiguration.class, RedisConfiguration.class})
class GatewayConfiguration {
  private static final int MOST_TENANTS = 1_000;
  private static final String CONSOLE = "/console";
  private static final int LARGEST_FORM = 65_536;

  @Bean
  NodeGroups nodeGroups(GatewayProperties settings) {
    Map<URI, Node> nodes = new HashMap<>();
    return new NodeGroups(
        settings.groups().entrySet().stream()
            .collect(
                toMap(
                    Map.Entry::getKey,
                    group ->
                        new NodeGroup(
                            group.getKey(),
                            group.getValue().stream()
                                .distinct()
                                .map(
                                    url ->
                                        nodes.computeIfAbsent(
                                            url, _ -> new Node(url, settings.slowReturn())))
                                .toList(),
                            settings.balancing()))));
  }

  @Bean
  RouteTable routeTable(GatewayProperties settings) {
    return RouteTable.of(settings.routes());
  }

  @Bean
  RouterFunction<ServerResponse> nodeRoutes(
      RouteTable table, NodeGroups groups, NodeProxyExchange nodes) {
    RouterFunction<ServerResponse> routes = routes(table, groups, nodes);
    return table.has(CONSOLE)
        ? routes.andRoute(
            RequestPredicates.GET("/"),
            _ -> ServerResponse.status(HttpStatus.FOUND).location(URI.create(CONSOLE)).build())
        : routes;
  }

  private static RouterFunction<ServerResponse> routes(
      RouteTable table, NodeGroups groups, NodeProxyExchange nodes) {
    return table.routes().stream()
        .map(
            route ->
                GatewayRouterFunctions.route(route.group() + route.path())
                    .route(
                        route.predicate(),
                        request ->
                            nodes.exchange(groups.get(route.group()), request.servletRequest()))
                    .build())
        .reduce(RouterFunction::and)
        .orElseThrow();
  }

  @Bean(destroyMethod = "close")
  HttpClient nodeConnections(GatewayProperties settings) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(settings.connectTimeout())
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  NodeHealthChecks nodeHealthChecks(
      NodeGroups groups, HttpClient nodeConnections, GatewayProperties settings) {
    return new NodeHealthChecks(groups, nodeConnections, settings.healthInterval());
  }

  @Bean
  NodeProxyExchange nodeProxyExchange(
      NodeGroups groups,
      GatewayProperties settings,
      HttpClient nodeConnections,
      SecurityProblemHandler problems,
      MeterRegistry meters) {
    return new NodeProxyExchange(
        groups,
        new ProxySettings(
            settings.connectTimeout(),
            settings.readTimeout(),
            settings.writeTimeout(),
            settings.attempts(),
            settings.retryPercent(),
            Runtime.getRuntime().maxMemory() / 4,
            Runtime.getRuntime().maxMemory() / 16),
        nodeConnections,
        problems,
        meters);
  }

  /** Anybody may send a form, so it is limited to what one needs. */
  @Bean
  FilterRegistrationBean<BodySizeLimitFilter> formLimit(SecurityProblemHandler problems) {
    var limit = new FilterRegistrationBean<>(new BodySizeLimitFilter(LARGEST_FORM, problems));
    limit.setUrlPatterns(List.of(CONSOLE + "/*"));
    limit.setOrder(CorrelationFilter.AFTER_THE_SPAN + 1);
    return limit;
  }

  @Bean
  LimitPlanLookup limitPlanLookup(NodeProxyExchange nodes, RouteTable routes, JsonMapper json) {
    return new NodeLimitPlans(nodes, routes, json);
  }

  /** Tenants beyond the first thousand are in no metric, as each is a time series of its own. */
  @Bean
  MeterFilter fewTenants() {
    return MeterFilter.maximumAllowableTags(
        NodeProxyExchange.REQUESTS, "tenant", MOST_TENANTS, MeterFilter.deny());
  }

  @Bean
  MeterBinder nodeMeters(NodeGroups groups) {
    return meters ->
        groups
            .nodes()
            .forEach(
                node -> {
                  String name = node.url().getAuthority();
                  Gauge.builder("kontor.gateway.node.up", node, n -> n.isUp() ? 1 : 0)
                      .tag("node", name)
                      .register(meters);
                  Gauge.builder("kontor.gateway.node.requests", node, Node::underWay)
                      .tag("node", name)
                      .register(meters);
                });
  }
}
