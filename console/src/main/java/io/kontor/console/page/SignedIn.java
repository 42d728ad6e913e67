package io.kontor.console.page;

import io.kontor.web.security.Caller;
import io.kontor.web.security.Role;
import io.kontor.web.security.TokenClaims;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * The person of this request, and what a page may offer to the person.
 *
 * @param tenant null for an operator
 */
record SignedIn(String subject, @Nullable String tenant, Set<Role> roles, CallRules rules) {

  /** The person who is signed in; null when the request is of no session. */
  static @Nullable SignedIn current(CallRules rules) {
    return SecurityContextHolder.getContext().getAuthentication()
            instanceof JwtAuthenticationToken token
        ? new SignedIn(
            token.getName(),
            token.getToken().getClaimAsString(TokenClaims.TENANT),
            Caller.roles(token),
            rules)
        : null;
  }

  /** Whether the API lets the person read a path. */
  public boolean reads(String path) {
    return rules.permit(roles, HttpMethod.GET, path);
  }

  /** Whether the API lets the person send a change to a path. */
  public boolean sends(String path) {
    return rules.permit(roles, HttpMethod.POST, path);
  }

  /** Whether the API lets the person replace what is at a path. */
  public boolean puts(String path) {
    return rules.permit(roles, HttpMethod.PUT, path);
  }

  /** Whether the API lets the person delete what is at a path. */
  public boolean deletes(String path) {
    return rules.permit(roles, HttpMethod.DELETE, path);
  }

  /** The names of the roles. */
  public List<String> roleNames() {
    return roles.stream().map(Role::claim).sorted().toList();
  }
}
