package io.kontor.query.support;

import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.idempotency.DuplicateRequestException;
import io.kontor.eventstore.idempotency.IdempotencyRecord;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.request.IdempotencyKeyFormat;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Idempotency records of requests that send no command. The record is stored before the request is
 * executed, together with those of the tenant's commands, so that a key identifies one request of
 * any kind. Such a request must be idempotent itself, since a node may die in between.
 */
public final class RequestRecords {
  /** Tenant under which operators' keys are recorded, as operators have none. */
  private static final TenantId OPERATORS = new TenantId("operators");

  /** Prefix that no client can send, so a tenant named {@code operators} may exist. */
  private static final String OPERATORS_KEY = "operator\u0001";

  /** Of a tenant's requests whose records are kept with the operators'. */
  private static final String TENANT_KEY = "tenant\u0001";

  private final IdempotencyRecords records;
  private final JsonMapper json;

  public RequestRecords(IdempotencyRecords records, JsonMapper json) {
    this.records = records;
    this.json = json;
  }

  /**
   * Records the request under its idempotency key, if it has one.
   *
   * @return whether the same request was recorded before
   * @throws ProblemException if the key is malformed (400) or was used for another request (422),
   *     or the store is busy (503)
   */
  public boolean record(HttpServletRequest request, @Nullable Object body) {
    return record(
        request,
        body,
        (key, fingerprint) ->
            TenantContext.find().isPresent()
                ? isRecorded(key, fingerprint)
                : isRecordedWithOperators(OPERATORS_KEY + key, fingerprint));
  }

  /**
   * Records the request under its idempotency key, if it has one; marks the answer of a repeated
   * one.
   *
   * @return whether it is a repeated request, which is not to be carried out again
   * @throws ProblemException as {@link #record} does
   */
  public boolean isReplayed(
      HttpServletRequest request, @Nullable Object body, HttpServletResponse response) {
    return mark(record(request, body), response);
  }

  /**
   * Like {@link #isReplayed}, for what the shared database keeps wherever the tenant's data is: its
   * record is kept there, too, and does not move with the tenant.
   *
   * @throws ProblemException as {@link #record} does
   */
  public boolean isReplayedInSharedDatabase(
      HttpServletRequest request, @Nullable Object body, HttpServletResponse response) {
    String prefix = TENANT_KEY + TenantContext.current() + '\u0001';
    return mark(
        record(
            request,
            body,
            (key, fingerprint) -> isRecordedWithOperators(prefix + key, fingerprint)),
        response);
  }

  private static boolean mark(boolean isReplayed, HttpServletResponse response) {
    if (isReplayed) {
      response.setHeader(KontorHeaders.IDEMPOTENT_REPLAYED, "true");
    }
    return isReplayed;
  }

  private boolean record(
      HttpServletRequest request, @Nullable Object body, BiPredicate<String, String> isRecorded) {
    String key = request.getHeader(KontorHeaders.IDEMPOTENCY_KEY);
    if (key == null) {
      return false;
    }
    IdempotencyKeyFormat.requireForm(key);
    try {
      return isRecorded.test(key, fingerprint(request, body));
    } catch (StoreBusyException busy) {
      throw ProblemException.tryAgain(ProblemType.STORE_BUSY, "the event store is busy; try again");
    }
  }

  private boolean isRecordedWithOperators(String key, String fingerprint) {
    return TenantContext.call(OPERATORS, () -> isRecorded(key, fingerprint));
  }

  private boolean isRecorded(String key, String fingerprint) {
    Optional<IdempotencyRecord> known = records.find(key);
    if (known.isEmpty()) {
      try {
        records.remember(key, fingerprint, "");
        return false;
      } catch (DuplicateRequestException concurrent) {
        known = records.find(key);
      }
    }
    if (known.isEmpty() || !known.get().fingerprint().equals(fingerprint)) {
      throw IdempotencyKeyFormat.reused();
    }
    return true;
  }

  private String fingerprint(HttpServletRequest request, @Nullable Object body) {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    return Sha256.of(
            json.writeValueAsBytes(
                new Asked(
                    request.getMethod(),
                    request.getRequestURI(),
                    request.getQueryString(),
                    authentication == null ? null : authentication.getName(),
                    body)))
        .toString();
  }

  private record Asked(
      String method,
      String path,
      @Nullable String query,
      @Nullable String subject,
      @Nullable Object body) {}
}
