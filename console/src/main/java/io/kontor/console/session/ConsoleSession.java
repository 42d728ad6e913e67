package io.kontor.console.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * A person's session is the token with which the console calls the API, in a sealed cookie. It is
 * verified at each request and ends with the token.
 */
public final class ConsoleSession {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleSession.class);
  private static final String COOKIE = "session";

  private final SealedCookies cookies;
  private final JwtDecoder tokens;

  public ConsoleSession(SealedCookies cookies, JwtDecoder tokens) {
    this.cookies = cookies;
    this.tokens = tokens;
  }

  /**
   * Begins a session, in place of any that there is.
   *
   * @throws JwtException when the API would not accept the token
   * @throws IllegalArgumentException when the token is too long for a cookie
   */
  public void begin(HttpServletResponse response, String token) {
    tokens.decode(token);
    cookies.write(response, COOKIE, token, null);
  }

  /** Ends the session of the browser. */
  public void end(HttpServletResponse response) {
    cookies.forget(response, COOKIE);
  }

  /** The verified token of the request's session; null when there is none, or it has ended. */
  @Nullable Jwt current(HttpServletRequest request, HttpServletResponse response) {
    String token = cookies.read(request, COOKIE);
    if (token == null) {
      return null;
    }
    try {
      return tokens.decode(token);
    } catch (BadJwtException ended) {
      end(response);
    } catch (JwtException keysAway) {
      LOG.warn("token not verified cause={}", keysAway.toString());
    }
    return null;
  }
}
