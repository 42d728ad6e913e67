package io.kontor.notifications.web;

import io.kontor.web.problem.ProblemException;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * The token or API key with which a stream was opened. It outlives its request, so it is verified
 * again while it lasts.
 *
 * @param expires when the stream ends at the latest
 * @param verification throws {@link BadJwtException} when it is not valid any more, something else
 *     when that can't be found out now
 */
record StreamToken(Instant expires, Runnable verification) {
  /**
   * Requires that it is still valid. While the issuer or the database does not answer, one that was
   * valid stays so.
   *
   * @throws BadJwtException when it is not
   */
  void verify() {
    try {
      verification.run();
    } catch (BadJwtException notValid) {
      throw notValid;
    } catch (JwtException | ProblemException notKnown) {
      // It is verified with the next heartbeat.
    }
  }
}
