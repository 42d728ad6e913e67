package io.kontor.gateway;

import io.kontor.gateway.node.Balancing;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.validation.annotation.Validated;

/**
 * The nodes behind the gateway, and how requests get to them.
 *
 * @param groups the nodes of each group, as URLs without a path
 * @param routes which calls go to which group; in place of the default ones, not beside them
 * @param balancing which node of a group gets the next request: {@code least-requests} or {@code
 *     round-robin}
 * @param connectTimeout time limit for opening a connection to a node
 * @param readTimeout time limit for a node's answer to a GET or HEAD
 * @param writeTimeout time limit for a node's answer to any other request, which may wait for 30 s
 *     ({@code Prefer: wait})
 * @param attempts nodes that get a request at most, one after the other
 * @param retryPercent retries for 100 requests at most, after the first hundred
 * @param healthInterval between two checks of a node
 * @param slowReturn how long the share of a node grows that was away
 * @param corsOrigins origins whose pages may call the API from a browser, such as {@code
 *     https://app.example}
 * @param accessLog whether each request is a line of the log
 */
@ConfigurationProperties("kontor.gateway")
@Validated
record GatewayProperties(
    @DefaultValue Map<String, List<URI>> groups,
    @DefaultValue List<Route> routes,
    @DefaultValue("least-requests") Balancing balancing,
    @DefaultValue("2s") @DurationMin(millis = 10) @DurationMax(seconds = 60)
        Duration connectTimeout,
    @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(seconds = 600)
        Duration readTimeout,
    @DefaultValue("35s") @DurationMin(millis = 100) @DurationMax(seconds = 600)
        Duration writeTimeout,
    @DefaultValue("3") @Min(1) @Max(10) int attempts,
    @DefaultValue("20") @Min(0) @Max(100) int retryPercent,
    @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(seconds = 60)
        Duration healthInterval,
    @DefaultValue("10s") @DurationMin(millis = 1) @DurationMax(seconds = 600) Duration slowReturn,
    @DefaultValue List<String> corsOrigins,
    @DefaultValue("false") boolean accessLog) {
  private static final String GROUPS = "kontor.gateway.groups";
  private static final Pattern ORIGIN = Pattern.compile("https?://[a-zA-Z0-9.:-]+");

  /**
   * @throws InvalidConfigurationPropertyValueException when a URL is none of a node, a group has no
   *     node, a route leads to no group, or an origin is malformed
   */
  GatewayProperties {
    groups = Map.copyOf(groups);
    routes = List.copyOf(routes);
    corsOrigins = List.copyOf(corsOrigins);
    groups.forEach(GatewayProperties::check);
    for (String origin : corsOrigins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw new InvalidConfigurationPropertyValueException(
            "kontor.gateway.cors-origins", origin, "must be an origin such as https://app.example");
      }
    }
    for (Route route : routes) {
      if (!groups.containsKey(route.group())) {
        throw new InvalidConfigurationPropertyValueException(
            GROUPS + "." + route.group(),
            null,
            "the route " + route.path() + " leads there: name its nodes, as in http://node-1:8080");
      }
    }
  }

  private static void check(String group, List<URI> nodes) {
    if (!group.matches("[a-z][a-z0-9-]*") || nodes.isEmpty()) {
      throw new InvalidConfigurationPropertyValueException(
          GROUPS + "." + group, nodes, "must be a name in small letters, with one node or more");
    }
    for (URI node : nodes) {
      boolean isHttp = "http".equals(node.getScheme()) || "https".equals(node.getScheme());
      if (!isHttp || node.getHost() == null || !node.getRawPath().isEmpty()) {
        throw new InvalidConfigurationPropertyValueException(
            GROUPS + "." + group, node, "must be a URL without a path, as in http://node-1:8080");
      }
    }
  }
}
