package io.kontor.gateway;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import java.util.List;

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
}
