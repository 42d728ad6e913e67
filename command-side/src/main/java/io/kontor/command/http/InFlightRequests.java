package io.kontor.command.http;

import io.kontor.tenancy.TenantId;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;

/**
 * The idempotency keys of this node's running requests. Between nodes, the idempotency record in
 * the event store decides which request was first.
 */
final class InFlightRequests {
  private final Set<Key> keys = ConcurrentHashMap.newKeySet();

  /**
   * Runs {@code work} unless a request with the same key is running.
   *
   * @throws ProblemException when one is
   */
  <T> T exclusively(CommandRequest request, Supplier<T> work) {
    if (request.key() == null) {
      return work.get();
    }
    var key = new Key(request.origin().tenant(), request.key());
    if (!keys.add(key)) {
      throw inProgress();
    }
    try {
      return work.get();
    } finally {
      keys.remove(key);
    }
  }

  static ProblemException inProgress() {
    return new ProblemException(
            ProblemType.IDEMPOTENCY_IN_PROGRESS,
            "the first request with this idempotency key is still running")
        .withHeader(HttpHeaders.RETRY_AFTER, "1");
  }

  private record Key(TenantId tenant, String key) {}
}
