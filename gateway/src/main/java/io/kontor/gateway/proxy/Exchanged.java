package io.kontor.gateway.proxy;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request, for the access log.
 *
 * @param node host and port of the node that answered last; null when none did
 * @param tenant the caller's; null for an operator
 */
public record Exchanged(@Nullable String node, @Nullable String tenant) {
  private static final String ATTRIBUTE = Exchanged.class.getName();

  void keepIn(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** Null where the gateway answered by itself. */
  public static @Nullable Exchanged of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Exchanged exchanged ? exchanged : null;
  }
}
