package io.kontor.web.security;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;

/**
 * Reads the token from the {@code Authorization} header only (RFC 6750, 2.1), since bodies and URLs
 * end up in logs.
 */
public final class HeaderBearerTokenResolver implements BearerTokenResolver {
  private static final String SCHEME = "Bearer ";
  private static final String MARKS = "-._~+/";

  /**
   * @throws OAuth2AuthenticationException when the token is malformed
   */
  @Override
  public @Nullable String resolve(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length() - 1)) {
      return null;
    }
    if (!isToken(header)) {
      throw new OAuth2AuthenticationException(
          BearerTokenErrors.invalidToken("Bearer token is malformed"));
    }
    return header.substring(SCHEME.length());
  }

  private static boolean isToken(String header) {
    int end = header.length();
    while (end > SCHEME.length() && header.charAt(end - 1) == '=') {
      end--;
    }
    if (end <= SCHEME.length() || header.charAt(SCHEME.length() - 1) != ' ') {
      return false;
    }
    for (int i = SCHEME.length(); i < end; i++) {
      char c = header.charAt(i);
      boolean alphanumeric = c < 128 && Character.isLetterOrDigit(c);
      if (!alphanumeric && MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
