package io.kontor.gateway;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import java.util.List;
import java.util.Optional;

/** The routes in the order in which they are tried. */
record RouteTable(List<Route> routes) {
  /** The longest path first, and of one path those that name methods. */
  static RouteTable of(List<Route> routes) {
    return new RouteTable(
        routes.stream()
            .sorted(
                comparingInt((Route route) -> -route.path().length())
                    .thenComparing(comparing(route -> route.methods().isEmpty())))
            .toList());
  }

  /** Whether there is a route of just this path. */
  boolean has(String path) {
    return routes.stream().anyMatch(route -> route.path().equals(path));
  }

  /** The group that serves reads of a path; empty when no route leads there. */
  Optional<String> groupForReads(String path) {
    return routes.stream().filter(route -> route.servesReads(path)).map(Route::group).findFirst();
  }
}
