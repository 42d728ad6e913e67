package io.kontor.operations.integrity;

import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.operations.integrity.ChainVerificationJob.Arguments;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Has the chain of the tenant's events verified; a job does it. */
@RestController
@RequestMapping("/v1/admin/chain-verifications")
@Tag(name = "Audit")
class ChainVerificationController {
  /** Only one waits: it verifies whatever is stored when it begins. */
  private static final String NEXT = "next";

  private final TenantTransactions transactions;
  private final JdbcClient sql;
  private final JobQueue jobs;
  private final RequestRecords records;

  ChainVerificationController(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      @Qualifier("appJobQueue") JobQueue jobs,
      RequestRecords records) {
    this.transactions = appTransactions;
    this.sql = JdbcClient.create(app);
    this.jobs = jobs;
    this.records = records;
  }

  /**
   * The job that does it.
   *
   * @param job see {@code GET /v1/admin/jobs/{id}}: its result has the head, and what was found
   */
  @Schema(name = "ChainVerification")
  record RequestedVerification(UUID job) {}

  @PostMapping
  @Operation(
      operationId = "verifyChain",
      summary = "Verify that no event of the tenant was changed, removed or put in",
      description =
          "A job follows the chain of hashes from the first event. Its result has the `position` and"
              + " the number of `events` up to which it was followed, the `head`, which is to be"
              + " kept elsewhere, and the `findings`.")
  @Answers(value = HttpStatus.ACCEPTED, location = true)
  ResponseEntity<RequestedVerification> verify(
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    boolean isReplayed = records.isReplayed(http, null, response);
    UUID job =
        transactions.write(
            () -> (isReplayed ? newest() : Optional.<UUID>empty()).orElseGet(this::enqueue));
    return ResponseEntity.accepted()
        .location(URI.create("/v1/admin/jobs/" + job))
        .body(new RequestedVerification(job));
  }

  private UUID enqueue() {
    return jobs.enqueue(
        TenantContext.current(),
        JobRequest.of(ChainVerificationJob.TYPE, new Arguments(), Caller.current().subject())
            .uniqueKey(NEXT));
  }

  private Optional<UUID> newest() {
    return sql.sql(
            """
            select id from job where tenant_id = current_tenant() and type = ?
             order by created_at desc limit 1
            """)
        .param(ChainVerificationJob.TYPE.name())
        .query(UUID.class)
        .optional();
  }
}
