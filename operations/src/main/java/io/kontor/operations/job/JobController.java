package io.kontor.operations.job;

import io.kontor.job.queue.JobAdministration;
import io.kontor.job.queue.JobAdministration.Outcome;
import io.kontor.job.queue.JobAdministration.Place;
import io.kontor.job.queue.JobRecord;
import io.kontor.job.queue.JobState;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.Uuids;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.json.Instants;
import io.kontor.web.openapi.Answers;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The tenant's jobs; all tenants' for an operator, without what they were asked for. */
@RestController
@RequestMapping("/v1/admin/jobs")
@Tag(name = "Jobs")
class JobController {
  private final TenantTransactions transactions;
  private final JobAdministration tenantJobs;
  private final JobAdministration allJobs;
  private final ReadGateway gateway;
  private final RequestRecords records;
  private final JsonMapper json;

  JobController(
      TenantTransactions transactions,
      @Qualifier("appDataSource") DataSource app,
      @Qualifier("adminDataSource") DataSource admin,
      ReadGateway gateway,
      RequestRecords records,
      JsonMapper json) {
    this.transactions = transactions;
    this.tenantJobs = new JobAdministration(app);
    this.allJobs = new JobAdministration(admin);
    this.gateway = gateway;
    this.records = records;
    this.json = json;
  }

  @GetMapping
  @Operation(
      operationId = "listJobs",
      summary = "Jobs and the tasks of processes, the latest due first")
  Page<JobView> jobs(
      @RequestParam(required = false) @Nullable JobState state,
      @RequestParam(required = false) @Nullable String type,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    Place after = Cursor.decode(cursor, JobController::place);
    String wanted = QueryParameters.text("type", type);
    gateway.awaitStored(minPosition);
    List<JobRecord> jobs = read(all -> all.list(state, wanted, after, shown + 1));
    return QueryParameters.page(jobs, shown, job -> job.runAt() + " " + job.id()).map(JobView::of);
  }

  @GetMapping("/stats")
  @Operation(operationId = "getJobStatistics", summary = "Figures of the jobs by type and priority")
  JobView.Figures statistics(
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    return new JobView.Figures(read(JobAdministration::statistics));
  }

  @GetMapping("/{id}")
  @Operation(
      operationId = "getJob",
      summary = "A job; its arguments and its result are shown to its tenant alone")
  JobView.Contents job(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    return JobView.Contents.of(
        read(jobs -> jobs.find(id)).orElseThrow(JobController::unknown), isTenants(), json);
  }

  @PostMapping("/{id}/retry")
  @Operation(
      operationId = "retryJob",
      summary = "Have a job tried now: a dead or cancelled one, or one that waits")
  @Answers(
      value = HttpStatus.ACCEPTED,
      conflicts = {"job-state-conflict"})
  @ResponseStatus(HttpStatus.ACCEPTED)
  void retry(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, null, response)) {
      change(jobs -> jobs.retry(id, Caller.current().subject()));
    }
  }

  @PostMapping("/{id}/cancel")
  @Operation(
      operationId = "cancelJob",
      summary = "Cancel a job that waits; one that runs ends when it next says how far it is")
  @Answers(
      value = HttpStatus.ACCEPTED,
      conflicts = {"job-state-conflict"})
  @ResponseStatus(HttpStatus.ACCEPTED)
  void cancel(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, null, response)) {
      change(jobs -> jobs.cancel(id, Caller.current().subject()));
    }
  }

  @PostMapping("/{id}/discard")
  @Operation(operationId = "discardJob", summary = "Decide that a dead job is not to be done")
  @Answers(
      value = HttpStatus.ACCEPTED,
      conflicts = {"job-state-conflict"})
  @ResponseStatus(HttpStatus.ACCEPTED)
  void discard(
      @PathVariable UUID id,
      @RequestBody JobView.Discard body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, body, response)) {
      change(jobs -> jobs.discard(id, Caller.current().subject(), body.reason()));
    }
  }

  @PostMapping("/queues/{name}/pause")
  @Operation(
      operationId = "pauseJobs",
      summary = "Begin no more jobs of a type: the tenant's, or all tenants' for an operator")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void pause(
      @PathVariable String name,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, null, response)) {
      requireType(
          write(
              jobs ->
                  jobs.pause(TenantContext.find().orElse(null), name, Caller.current().subject())));
    }
  }

  @PostMapping("/queues/{name}/resume")
  @Operation(
      operationId = "resumeJobs",
      summary = "Begin jobs of a type again; an operator's pause is an operator's to lift")
  @Answers(HttpStatus.NO_CONTENT)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void resume(
      @PathVariable String name,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    if (!records.isReplayed(http, null, response)) {
      requireType(write(jobs -> jobs.resume(TenantContext.find().orElse(null), name)));
    }
  }

  private void change(Function<JobAdministration, Outcome> decision) {
    switch (decide(decision)) {
      case UNKNOWN_JOB -> throw unknown();
      case NOT_POSSIBLE ->
          throw new ProblemException(
              ProblemType.JOB_STATE_CONFLICT,
              "the job's state does not allow it, or it is a process's task");
      case DONE -> {}
    }
  }

  private Outcome decide(Function<JobAdministration, Outcome> decision) {
    try {
      return write(decision);
    } catch (DuplicateKeyException anotherWaits) {
      return Outcome.NOT_POSSIBLE;
    }
  }

  private <R> R read(Function<JobAdministration, R> question) {
    return isTenants()
        ? transactions.read(() -> question.apply(tenantJobs))
        : question.apply(allJobs);
  }

  private <R> R write(Function<JobAdministration, R> decision) {
    return isTenants()
        ? transactions.write(() -> decision.apply(tenantJobs))
        : decision.apply(allJobs);
  }

  private static boolean isTenants() {
    return TenantContext.find().isPresent();
  }

  private static Place place(String compact) {
    String[] parts = compact.split(" ", 2);
    return new Place(Instants.parse(parts[0]), Uuids.parse(parts[1]));
  }

  private static void requireType(boolean isKnown) {
    if (!isKnown) {
      throw ProblemException.notFound("there is no job of that type");
    }
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("there is no such job");
  }
}
