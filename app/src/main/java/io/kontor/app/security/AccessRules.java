package io.kontor.app.security;

import static io.kontor.web.security.Role.ADMIN;
import static io.kontor.web.security.Role.AUDITOR;
import static io.kontor.web.security.Role.CLEARING;
import static io.kontor.web.security.Role.CUSTOMER;
import static io.kontor.web.security.Role.OPERATOR;
import static io.kontor.web.security.Role.TELLER;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import io.kontor.web.security.OpeningRoles;
import io.kontor.web.security.Role;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The table of roles: who may make which call. The first row that fits decides, and a call that is
 * in no row is denied.
 */
public final class AccessRules {
  private static final Set<HttpMethod> READ = Set.of(GET, HEAD);
  private static final Set<HttpMethod> ANY = Set.of();

  private static final String[] PROJECTIONS = {
    "/v1/admin/projections", "/v1/admin/projections/**", "/v1/admin/rebuilds/**"
  };

  private static final String[] JOBS = {"/v1/admin/jobs", "/v1/admin/jobs/**"};

  private static final List<Row> TABLE =
      List.of(
          row(ANY, anyone(), "/v3/api-docs/**", "/swagger-ui.html", "/swagger-ui/**"),
          row(ANY, anyone(), "/actuator/health/**", "/dev/token", "/error"),
          row(READ, anyone(), "/dev/pages/*"),
          row(
              READ,
              by(OPERATOR),
              "/actuator/metrics",
              "/actuator/metrics/*",
              "/actuator/prometheus"),
          row(
              Set.of(POST),
              by(OPERATOR),
              "/v1/tenants",
              "/v1/tenants/*/move",
              "/v1/tenants/*/move/confirm"),
          row(Set.of(DELETE), by(OPERATOR), "/v1/tenants/*"),
          row(READ, by(OPERATOR), "/v1/tenants", "/v1/tenants/*"),
          row(READ, by(OPERATOR, ADMIN), "/v1/tenants/*/limits"),
          row(Set.of(PUT, DELETE), by(OPERATOR), "/v1/tenants/*/limits"),
          row(READ, by(Role.values()), "/v1/caller"),
          row(READ, by(ADMIN, AUDITOR), "/v1/api-keys", "/v1/api-keys/*"),
          row(Set.of(POST, DELETE), by(ADMIN), "/v1/api-keys", "/v1/api-keys/*"),
          row(READ, by(TELLER, CUSTOMER, AUDITOR), "/v1/accounts", "/v1/accounts/**"),
          row(Set.of(POST), by(TELLER, CUSTOMER), "/v1/accounts/*/statements"),
          row(Set.of(PUT), by(TELLER, CUSTOMER), "/v1/accounts/*/alerts"),
          row(ANY, by(TELLER), "/v1/accounts", "/v1/accounts/**"),
          row(READ, by(TELLER, CUSTOMER, AUDITOR), "/v1/transfers", "/v1/transfers/**"),
          row(ANY, by(TELLER, CUSTOMER), "/v1/transfers", "/v1/transfers/**"),
          row(READ, by(TELLER, CUSTOMER, AUDITOR), "/v1/products/*"),
          row(ANY, by(TELLER), "/v1/products", "/v1/products/**"),
          row(READ, by(TELLER, CUSTOMER, AUDITOR), "/v1/orders/*"),
          row(ANY, by(TELLER, CUSTOMER), "/v1/orders", "/v1/orders/**"),
          row(READ, by(TELLER, CUSTOMER, AUDITOR), "/v1/payments", "/v1/payments/*"),
          row(Set.of(POST), by(TELLER, CUSTOMER), "/v1/payments"),
          row(ANY, by(TELLER), "/v1/payments/**"),
          row(READ, by(TELLER, CUSTOMER, AUDITOR), "/v1/standing-orders", "/v1/standing-orders/*"),
          row(Set.of(POST), by(TELLER, CUSTOMER), "/v1/standing-orders/**"),
          row(Set.of(POST), by(CLEARING), "/v1/clearing/notifications"),
          row(ANY, by(ADMIN), "/v1/webhooks", "/v1/webhooks/**"),
          row(ANY, by(CUSTOMER, TELLER, ADMIN), "/v1/notifications", "/v1/notifications/**"),
          row(READ, by(TELLER, ADMIN, AUDITOR), "/v1/presence/*"),
          row(READ, by(AUDITOR), "/v1/ledger/**", "/v1/reports/trial-balance"),
          row(READ, by(TELLER, CUSTOMER, AUDITOR), "/v1/reports/accounts"),
          row(
              READ,
              by(ADMIN, AUDITOR),
              "/v1/admin/projections/*/dead-letters",
              "/v1/admin/projections/*/dead-letters/*"),
          row(Set.of(POST), by(ADMIN), "/v1/admin/projections/*/dead-letters/*/*"),
          row(READ, by(ADMIN, OPERATOR, AUDITOR), PROJECTIONS),
          row(Set.of(POST), by(OPERATOR), "/v1/admin/projections/*/rollback"),
          row(Set.of(POST, DELETE), by(ADMIN, OPERATOR), PROJECTIONS),
          row(READ, by(ADMIN, OPERATOR, AUDITOR), JOBS),
          row(Set.of(POST), by(ADMIN, OPERATOR), JOBS),
          row(READ, by(OPERATOR, ADMIN, AUDITOR), "/v1/admin/integration"),
          row(ANY, by(OPERATOR), "/v1/admin/nodes"),
          row(READ, by(ADMIN, AUDITOR), "/v1/admin/**"),
          row(ANY, by(ADMIN), "/v1/admin/**"));

  private AccessRules() {}

  /** The roles that open a call; none where it needs no token, and where it is denied. */
  public static Set<Role> opening(HttpMethod method, String path) {
    var parsed = PathContainer.parsePath(path);
    return TABLE.stream()
        .filter(row -> row.fits(method, parsed))
        .findFirst()
        .map(Row::roles)
        .orElse(Set.of());
  }

  static void authorize(
      AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
          requests) {
    for (Row row : TABLE) {
      var matched = requests.requestMatchers(row.matchers());
      if (row.roles.isEmpty()) {
        matched.permitAll();
      } else {
        matched.access(OpeningRoles.of(row.roles.toArray(Role[]::new)));
      }
    }
    requests.anyRequest().denyAll();
  }

  private static Row row(Set<HttpMethod> methods, Set<Role> roles, String... paths) {
    return new Row(methods, roles, List.of(paths));
  }

  private static Set<Role> by(Role... roles) {
    return Set.of(roles);
  }

  private static Set<Role> anyone() {
    return Set.of();
  }

  /**
   * @param methods empty for all
   * @param roles empty when no token is needed
   */
  private record Row(Set<HttpMethod> methods, Set<Role> roles, List<String> paths) {
    boolean fits(HttpMethod method, PathContainer path) {
      return (methods.isEmpty() || methods.contains(method))
          && paths.stream()
              .anyMatch(pattern -> PathPatternParser.defaultInstance.parse(pattern).matches(path));
    }

    RequestMatcher[] matchers() {
      var matchers = PathPatternRequestMatcher.withDefaults();
      return paths.stream()
          .flatMap(
              path ->
                  methods.isEmpty()
                      ? Stream.of(matchers.matcher(path))
                      : methods.stream().map(method -> matchers.matcher(method, path)))
          .toArray(RequestMatcher[]::new);
    }
  }
}
