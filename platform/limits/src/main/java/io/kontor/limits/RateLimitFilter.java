package io.kontor.limits;

import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.security.HeaderBearerTokenResolver;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.springframework.http.HttpMethod;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Counts each request, and rejects those over a limit. Runs after the token is verified and before
 * anything that costs more. Probes of health are not counted.
 */
public final class RateLimitFilter extends OncePerRequestFilter {
  private static final String HEALTH = "/actuator/health";

  private final HeaderBearerTokenResolver bearer = new HeaderBearerTokenResolver();
  private final RateLimits limits;
  private final SecurityProblemHandler problems;

  public RateLimitFilter(RateLimits limits, SecurityProblemHandler problems) {
    this.limits = limits;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      count(request);
    } catch (ProblemException refused) {
      problems.write(refused, request, response);
      return;
    }
    chain.doFilter(request, response);
  }

  private void count(HttpServletRequest request) {
    if (SecurityContextHolder.getContext().getAuthentication()
        instanceof JwtAuthenticationToken token) {
      limits.refreshPlan(token, () -> Objects.requireNonNull(bearer.resolve(request)));
      limits.admit(token, isRead(request)).keepIn(request);
    } else {
      limits.admit(request.getRemoteAddr());
    }
  }

  private static boolean isRead(HttpServletRequest request) {
    String method = request.getMethod();
    return HttpMethod.GET.matches(method)
        || HttpMethod.HEAD.matches(method)
        || HttpMethod.OPTIONS.matches(method);
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path.equals(HEALTH) || path.startsWith(HEALTH + "/");
  }
}
