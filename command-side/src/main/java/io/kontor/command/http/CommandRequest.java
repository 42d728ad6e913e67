package io.kontor.command.http;

import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.EntityTags;
import io.kontor.web.request.IdempotencyKeyFormat;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * An HTTP request that changes something.
 *
 * @param body the deserialized body; null when there is none
 * @param key the idempotency key, if any
 * @param expectedVersion the version in {@code If-Match}, if any
 */
public record CommandRequest(
    RequestContext origin,
    String method,
    String path,
    @Nullable Object body,
    @Nullable String key,
    @Nullable Long expectedVersion) {
  /**
   * A request whose key is optional.
   *
   * @throws ProblemException when a header is malformed
   */
  public static CommandRequest of(HttpServletRequest http, @Nullable Object body) {
    String key = http.getHeader(KontorHeaders.IDEMPOTENCY_KEY);
    IdempotencyKeyFormat.requireForm(key);
    return new CommandRequest(
        RequestContext.current(),
        http.getMethod(),
        http.getRequestURI(),
        body,
        key,
        EntityTags.expectedVersion(http.getHeader(HttpHeaders.IF_MATCH)));
  }

  /**
   * A request that moves money: it must have a key.
   *
   * @throws ProblemException when the key is missing, or a header is malformed
   */
  public static CommandRequest movingMoney(HttpServletRequest http, @Nullable Object body) {
    if (http.getHeader(KontorHeaders.IDEMPOTENCY_KEY) == null) {
      throw ProblemException.invalid(
          KontorHeaders.IDEMPOTENCY_KEY, "is required where money moves");
    }
    return of(http, body);
  }

  /** The same request under another key. */
  public CommandRequest under(String key) {
    return new CommandRequest(origin, method, path, body, key, expectedVersion);
  }
}
