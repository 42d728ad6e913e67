package io.kontor.query.admin;

import static io.kontor.projections.tables.Tables.DEAD_LETTER;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.projections.engine.ProjectionEngine;
import io.kontor.projections.engine.ProjectionStatus;
import io.kontor.projections.engine.ReadModels;
import io.kontor.projections.engine.Rebuild;
import io.kontor.projections.engine.Rebuilds;
import io.kontor.query.Questions;
import io.kontor.query.RequestRecords;
import io.kontor.tenancy.Tenancy;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.Headers;
import io.kontor.web.IdempotencyKeys;
import io.kontor.web.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** How the projections are doing, and another chance for what they could not take. */
@RestController
@RequestMapping("/v1/admin/projections")
class ProjectionController {
  private final ReadModels readModels;
  private final ProjectionEngine engine;
  private final Rebuilds rebuilds;
  private final Questions questions;
  private final TenantTransactions transactions;
  private final DSLContext sql;
  private final RequestRecords records;

  ProjectionController(
      ReadModels readModels,
      ProjectionEngine engine,
      Rebuilds rebuilds,
      Questions questions,
      TenantTransactions transactions,
      @Qualifier("appDsl") DSLContext sql,
      RequestRecords records) {
    this.readModels = readModels;
    this.engine = engine;
    this.rebuilds = rebuilds;
    this.questions = questions;
    this.transactions = transactions;
    this.sql = sql;
    this.records = records;
  }

  /** What a projection is worth to a reader. */
  enum State {
    LIVE,
    /** It answers as before while its next generation is built, or the caller's rows are. */
    REBUILDING,
    /** It is stopped by an error, or events are missing in it. */
    FAILED
  }

  /**
   * @param generation counts rebuilds
   * @param parked how many of the caller's events it could not take
   * @param rebuild how far that is, while one runs
   */
  record ProjectionState(
      String name,
      int generation,
      State state,
      long position,
      long head,
      long lag,
      long parked,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Progress rebuild) {}

  /** How far a rebuild is. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Progress(long processed, long total, long perSecond, @Nullable Long etaSeconds) {
    static Progress of(Rebuild rebuild) {
      return new Progress(
          rebuild.processed(),
          rebuild.total(),
          Math.round(rebuild.perSecond()),
          rebuild.etaSeconds());
    }
  }

  @GetMapping
  List<ProjectionState> projections(
      @RequestHeader(name = Headers.MIN_POSITION, required = false) @Nullable String minPosition) {
    questions.awaitStored(minPosition);
    List<Rebuild> running = rebuilds.running().stream().filter(this::concernsCaller).toList();
    return readModels.status().stream().map(status -> state(status, running)).toList();
  }

  /** Tries the caller's parked events again; what comes of it shows in the projection's state. */
  @PostMapping("/{name}/dead-letters/retry")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void retry(
      @PathVariable String name,
      @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeys.requireForm(key);
    if (!engine.names().contains(name)) {
      throw Problem.notFound("there is no such projection");
    }
    if (records.record(http, null)) {
      response.setHeader(Headers.IDEMPOTENT_REPLAYED, "true");
      return;
    }
    CompletableFuture<Void> retried = engine.retryParked(name, Tenancy.find().orElse(null));
    retried.exceptionally(failure -> null);
  }

  private boolean concernsCaller(Rebuild rebuild) {
    return rebuild.tenant() == null
        || Tenancy.find().map(caller -> caller.equals(rebuild.tenant())).orElse(true);
  }

  private ProjectionState state(ProjectionStatus status, List<Rebuild> running) {
    Rebuild rebuild =
        running.stream()
            .filter(one -> one.projections().contains(status.name()))
            .findFirst()
            .orElse(null);
    long parked = Tenancy.find().isPresent() ? ownParked(status.name()) : status.parked();
    return new ProjectionState(
        status.name(),
        status.generation(),
        state(rebuild, status.failing() || parked > 0),
        status.position(),
        status.head(),
        status.lag(),
        parked,
        rebuild == null ? null : Progress.of(rebuild));
  }

  private static State state(@Nullable Rebuild rebuild, boolean failed) {
    if (rebuild != null) {
      return State.REBUILDING;
    }
    return failed ? State.FAILED : State.LIVE;
  }

  /** Row-level security counts the tenant's only. */
  private long ownParked(String projection) {
    return transactions.read(
        () -> (long) sql.fetchCount(DEAD_LETTER, DEAD_LETTER.PROCESSING_GROUP.eq(projection)));
  }
}
