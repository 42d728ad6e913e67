package io.kontor.operations.tenant;

import io.kontor.job.queue.JobType;
import io.kontor.job.queue.JobWorkers;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Moves and closes tenants, for operators; a job does it. */
@RestController
@Profile("!cell")
@RequestMapping("/v1/tenants/{tenant}")
@Tag(name = "Tenants")
class TenantPlaceController {
  private static final String EXAMPLE =
      """
      {"to":"DATABASE"}
      """;

  private final TenantJobs jobs;
  private final TenantDatabases databases;
  private final RequestRecords records;

  TenantPlaceController(
      @Qualifier("adminDataSource") DataSource admin,
      JsonMapper json,
      ObjectProvider<JobWorkers> workers,
      TenantDatabases databases,
      RequestRecords records) {
    this.jobs = new TenantJobs(admin, json, () -> workers.ifAvailable(JobWorkers::wake));
    this.databases = databases;
    this.records = records;
  }

  /**
   * Where a tenant is to be.
   *
   * @param to {@code ROW}, {@code SCHEMA} or {@code DATABASE}
   */
  @Schema(name = "TenantMove", example = EXAMPLE)
  record NewPlace(TenantIsolation to) {}

  /**
   * The job that does it.
   *
   * @param job see {@code GET /v1/admin/jobs/{id}}
   */
  @Schema(name = "TenantJob")
  record TenantJob(UUID job) {}

  @PostMapping("/move")
  @Operation(
      operationId = "moveTenant",
      summary =
          "Move a tenant's data between the shared tables, a schema and a database of its own",
      description =
          "The tenant is served meanwhile, but for some seconds at the end in which its changes are"
              + " answered 503. What fails before leaves all as it was. A schema or a database that"
              + " the tenant leaves is kept until the move is confirmed.")
  @Answers(
      value = HttpStatus.ACCEPTED,
      location = true,
      conflicts = {"tenant-place-conflict"})
  ResponseEntity<TenantJob> move(
      @Parameter(description = "The tenant's id") @PathVariable("tenant") String name,
      @RequestBody NewPlace place,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    TenantId tenant = existing(name);
    if (place.to().isCell()) {
      databases.requireDescribed(tenant, place.to());
    }
    return accepted(
        tenant,
        TenantJobs.MOVE,
        records.isReplayed(http, place, response),
        () -> jobs.move(tenant, place.to(), Caller.current().subject()));
  }

  @PostMapping("/move/confirm")
  @Operation(
      operationId = "confirmTenantMove",
      summary = "Remove the schema or the database that a tenant has moved out of",
      description = "Nothing leads back to it then. A job does it.")
  @Answers(
      value = HttpStatus.ACCEPTED,
      location = true,
      conflicts = {"tenant-place-conflict"})
  ResponseEntity<TenantJob> confirm(
      @Parameter(description = "The tenant's id") @PathVariable("tenant") String name,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    TenantId tenant = existing(name);
    return accepted(
        tenant,
        TenantJobs.CONFIRM,
        records.isReplayed(http, null, response),
        () -> jobs.confirm(tenant, Caller.current().subject()));
  }

  @DeleteMapping
  @Operation(
      operationId = "closeTenant",
      summary = "Close a tenant for good",
      description =
          "Its requests are refused from now on, and a job removes its schema or database, or its rows"
              + " of the shared tables. Export its events first. The id is not given again.")
  @Answers(
      value = HttpStatus.ACCEPTED,
      location = true,
      conflicts = {"tenant-place-conflict"})
  ResponseEntity<TenantJob> close(
      @Parameter(description = "The tenant's id") @PathVariable("tenant") String name,
      @Parameter(description = "The tenant's id once more: its data is gone afterwards")
          @RequestParam(required = false)
          @Nullable String confirm,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    TenantId tenant = existing(name);
    if (!tenant.value().equals(confirm)) {
      throw ProblemException.invalid("confirm", "must be the tenant's id");
    }
    return accepted(
        tenant,
        TenantJobs.CLOSE,
        records.isReplayed(http, null, response),
        () -> jobs.close(tenant, Caller.current().subject()));
  }

  /** A repeated request is answered with the job that it asked for, if that was enqueued. */
  private ResponseEntity<TenantJob> accepted(
      TenantId tenant, JobType<?> type, boolean isReplayed, Supplier<UUID> request) {
    UUID job = isReplayed ? jobs.newest(tenant, type).orElseGet(request) : request.get();
    return ResponseEntity.accepted()
        .location(URI.create("/v1/admin/jobs/" + job))
        .body(new TenantJob(job));
  }

  /** A name that no tenant can have is one of a tenant that does not exist. */
  private TenantId existing(String name) {
    try {
      return jobs.find(new TenantId(name)).id();
    } catch (IllegalArgumentException malformed) {
      throw ProblemException.notFound("there is no such tenant");
    }
  }
}
