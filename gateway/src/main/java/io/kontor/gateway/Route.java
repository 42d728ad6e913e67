package io.kontor.gateway;

import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;

/**
 * Which group serves the calls below a path. Of several routes that fit, the one with the longest
 * path serves the call, and before others that which names methods.
 *
 * @param path from the root, without a wildcard
 * @param methods none: all that no other route of the path names
 * @param group the name of a group of nodes
 */
record Route(String path, @DefaultValue Set<HttpMethod> methods, String group) {
  private static final String SETTING = "kontor.gateway.routes";

  /**
   * @throws InvalidConfigurationPropertyValueException when the path is malformed, or the nodes' or
   *     the gateway's own
   */
  Route {
    methods = Set.copyOf(methods);
    if (!path.matches("(/[A-Za-z0-9._-]+)+")) {
      throw new InvalidConfigurationPropertyValueException(
          SETTING, path, "must be a path such as /v1/reports");
    }
    if (Stream.of("/internal", "/actuator", "/gateway").anyMatch(path::startsWith)) {
      throw new InvalidConfigurationPropertyValueException(
          SETTING, path, "must not lead to what nodes have for each other and for operators");
    }
  }

  boolean servesReads(String of) {
    return (of.equals(path) || of.startsWith(path + "/"))
        && (methods.isEmpty() || methods.contains(HttpMethod.GET));
  }

  RequestPredicate predicate() {
    RequestPredicate below = RequestPredicates.path(path + "/**");
    return methods.isEmpty()
        ? below
        : RequestPredicates.methods(methods.toArray(HttpMethod[]::new)).and(below);
  }
}
