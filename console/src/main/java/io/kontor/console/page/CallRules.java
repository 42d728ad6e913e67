package io.kontor.console.page;

import io.kontor.web.security.Role;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.springframework.http.HttpMethod;

/**
 * The API's table of roles, by which pages leave out what the API would refuse. The API still
 * decides.
 */
public final class CallRules {
  /** The paths are constants of pages and templates. */
  private final Map<String, Set<Role>> known = new ConcurrentHashMap<>();

  private final BiFunction<HttpMethod, String, Set<Role>> opening;

  /**
   * @param opening the roles that open a call of that method and path
   */
  public CallRules(BiFunction<HttpMethod, String, Set<Role>> opening) {
    this.opening = opening;
  }

  boolean permit(Set<Role> roles, HttpMethod method, String path) {
    return known.computeIfAbsent(method + " " + path, _ -> opening.apply(method, path)).stream()
        .anyMatch(roles::contains);
  }
}
