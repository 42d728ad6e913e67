package io.kontor.web.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/**
 * The roles that permit a call. A caller acts in those of its roles that permit it; its other roles
 * have no effect.
 */
public final class OpeningRoles implements AuthorizationManager<RequestAuthorizationContext> {
  private static final String ATTRIBUTE = OpeningRoles.class.getName();

  private final Set<Role> roles;

  private OpeningRoles(Set<Role> roles) {
    this.roles = roles;
  }

  public static OpeningRoles of(Role... roles) {
    return new OpeningRoles(Set.of(roles));
  }

  @Override
  public AuthorizationDecision authorize(
      Supplier<? extends @Nullable Authentication> authentication,
      RequestAuthorizationContext call) {
    Set<Role> opening = EnumSet.noneOf(Role.class);
    Authentication caller = authentication.get();
    if (caller != null && caller.isAuthenticated()) {
      opening.addAll(Caller.roles(caller));
    }
    opening.retainAll(roles);
    call.getRequest().setAttribute(ATTRIBUTE, new Used(opening));
    return new AuthorizationDecision(!opening.isEmpty());
  }

  /** The roles in which the caller makes the call; empty where no role is required. */
  static Set<Role> usedIn(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Used used ? used.roles() : Set.of();
  }

  private record Used(Set<Role> roles) {}
}
