package io.kontor.web.security;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.web.correlation.ScopedFilterChain;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.problem.SecurityProblemHandler;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Binds the verified token's tenant and the caller around the rest of the request. Runs after
 * authorization and reads only the token.
 */
public final class TenantFilter extends OncePerRequestFilter {
  private final Predicate<TenantId> isRegistered;
  private final SecurityProblemHandler problems;

  public TenantFilter(Predicate<TenantId> isRegistered, SecurityProblemHandler problems) {
    this.isRegistered = isRegistered;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!(SecurityContextHolder.getContext().getAuthentication()
        instanceof JwtAuthenticationToken token)) {
      chain.doFilter(request, response);
      return;
    }
    TenantId tenant;
    try {
      tenant = admitted(token);
    } catch (ProblemException rejection) {
      problems.write(rejection, request, response);
      return;
    }
    ScopedFilterChain.filter(
        rest -> {
          var called = called(request, token, rest);
          if (tenant == null) {
            called.call();
          } else {
            TenantContext.call(tenant, called);
          }
        },
        request,
        response,
        chain);
  }

  /** The rest of the request, with the caller bound where a role was required. */
  private static ScopedValue.CallableOp<Boolean, Exception> called(
      HttpServletRequest request,
      JwtAuthenticationToken token,
      ScopedValue.CallableOp<Boolean, Exception> rest) {
    Set<Role> roles = OpeningRoles.usedIn(request);
    return roles.isEmpty()
        ? rest
        : () -> ScopedValue.where(Caller.CURRENT, new Caller(token.getName(), roles)).call(rest);
  }

  /** The token's tenant; null for an operator, who has none. */
  private @Nullable TenantId admitted(JwtAuthenticationToken token) {
    Optional<TenantId> tenant = tenant(token);
    boolean operator = token.getAuthorities().contains(new RoleAuthority(Role.OPERATOR));
    if (operator && (tenant.isPresent() || token.getAuthorities().size() > 1)) {
      throw SecurityProblemHandler.forbidden("an operator is of no tenant and has no other role");
    }
    if (operator) {
      return null;
    }
    TenantId named =
        tenant.orElseThrow(() -> SecurityProblemHandler.forbidden("the token names no tenant"));
    if (!isRegistered.test(named)) {
      throw unknownTenant();
    }
    return named;
  }

  private static Optional<TenantId> tenant(JwtAuthenticationToken token) {
    try {
      return TokenClaims.tenant(token.getToken());
    } catch (IllegalArgumentException malformed) {
      throw unknownTenant();
    }
  }

  private static ProblemException unknownTenant() {
    return new ProblemException(
        ProblemType.UNKNOWN_TENANT, "the token's tenant is not registered here");
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }
}
