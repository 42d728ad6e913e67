package io.kontor.console.session;

import io.kontor.web.security.TokenClaims;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.filter.OncePerRequestFilter;

/** Authenticates a request by its session. */
final class SessionFilter extends OncePerRequestFilter {
  private final ConsoleSession session;

  SessionFilter(ConsoleSession session) {
    this.session = session;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Jwt token = session.current(request, response);
    if (token != null) {
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(TokenClaims.authentication().convert(token));
      SecurityContextHolder.setContext(context);
    }
    chain.doFilter(request, response);
  }
}
