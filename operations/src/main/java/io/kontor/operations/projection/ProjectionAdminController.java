package io.kontor.operations.projection;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.projection.deadletter.DeadLetterService;
import io.kontor.projection.live.ProjectionStatus;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.projection.rebuild.Rebuild;
import io.kontor.projection.rebuild.RebuildRequests;
import io.kontor.query.support.ReadGateway;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.header.KontorHeaders;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The state of the projections. */
@RestController
@RequestMapping("/v1/admin/projections")
@Tag(name = "Projections")
class ProjectionAdminController {
  private final ReadModelPositions readModels;
  private final RebuildRequests rebuilds;
  private final ReadGateway gateway;
  private final TenantTransactions transactions;
  private final DeadLetterService deadLetters;

  ProjectionAdminController(
      ReadModelPositions readModels,
      RebuildRequests rebuilds,
      ReadGateway gateway,
      TenantTransactions transactions,
      @Qualifier("appDsl") DSLContext sql) {
    this.readModels = readModels;
    this.rebuilds = rebuilds;
    this.gateway = gateway;
    this.transactions = transactions;
    this.deadLetters = new DeadLetterService(sql);
  }

  /** Whether a projection's read model is usable. */
  enum State {
    LIVE,
    /** It still serves reads while its next generation or the caller's rows are rebuilt. */
    REBUILDING,
    /** It is stopped by an error or has dead letters. */
    FAILED
  }

  /**
   * @param generation counts rebuilds
   * @param parked how many of the caller's events are dead letters
   * @param rebuild progress of a running rebuild
   */
  @Schema(name = "Projection")
  record ProjectionState(
      String name,
      int generation,
      State state,
      long position,
      long head,
      long lag,
      long parked,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Progress rebuild) {}

  /** Progress of a rebuild. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "RebuildProgress")
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
  @Operation(
      operationId = "listProjections",
      summary = "The projections, with their position and lag")
  List<ProjectionState> projections(
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    List<Rebuild> running = rebuilds.running().stream().filter(this::concernsCaller).toList();
    return readModels.status().stream().map(status -> state(status, running)).toList();
  }

  private boolean concernsCaller(Rebuild rebuild) {
    return rebuild.tenant() == null
        || TenantContext.find().map(caller -> caller.equals(rebuild.tenant())).orElse(true);
  }

  private ProjectionState state(ProjectionStatus status, List<Rebuild> running) {
    Rebuild rebuild =
        running.stream()
            .filter(one -> one.projections().contains(status.name()))
            .findFirst()
            .orElse(null);
    long parked =
        TenantContext.find().isPresent() ? ownDeadLetterEvents(status.name()) : status.parked();
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

  /** Row-level security limits the count to the tenant. */
  private long ownDeadLetterEvents(String projection) {
    return transactions.read(() -> deadLetters.events(projection));
  }
}
