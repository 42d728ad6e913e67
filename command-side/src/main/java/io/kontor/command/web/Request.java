package io.kontor.command.web;

import io.kontor.web.ETags;
import io.kontor.web.Headers;
import io.kontor.web.IdempotencyKeys;
import io.kontor.web.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A mutation as it was asked for.
 *
 * @param body the body as it was bound; null where the call has none
 * @param key the idempotency key, if there is one
 * @param expectedVersion the version that {@code If-Match} names, if there is one
 */
record Request(
    Origin origin,
    String method,
    String path,
    @Nullable Object body,
    @Nullable String key,
    @Nullable Long expectedVersion) {
  /**
   * A request whose key is optional.
   *
   * @throws Problem when a header is malformed
   */
  static Request of(HttpServletRequest http, @Nullable Object body) {
    String key = http.getHeader(Headers.IDEMPOTENCY_KEY);
    IdempotencyKeys.requireForm(key);
    return new Request(
        Origin.current(),
        http.getMethod(),
        http.getRequestURI(),
        body,
        key,
        ETags.expectedVersion(http.getHeader(HttpHeaders.IF_MATCH)));
  }

  /**
   * A request that moves money: it must have a key.
   *
   * @throws Problem when the key is missing, or a header malformed
   */
  static Request movingMoney(HttpServletRequest http, @Nullable Object body) {
    if (http.getHeader(Headers.IDEMPOTENCY_KEY) == null) {
      throw Problem.invalid(Headers.IDEMPOTENCY_KEY, "is required where money moves");
    }
    return of(http, body);
  }

  /** The same request under another key. */
  Request under(String key) {
    return new Request(origin, method, path, body, key, expectedVersion);
  }
}
