package io.kontor.operations.projection;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.projection.rebuild.Rebuild;
import io.kontor.projection.rebuild.Rebuild.Kind;
import io.kontor.projection.rebuild.RebuildRejectedException;
import io.kontor.projection.rebuild.RebuildRepository;
import io.kontor.projection.rebuild.RebuildRequests;
import io.kontor.projection.rebuild.RebuildWatch;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Rebuilds of projections: an admin rebuilds the own tenant's rows, an operator those of all
 * tenants or of one.
 */
@RestController
@RequestMapping("/v1/admin")
@Tag(name = "Rebuilds")
class RebuildAdminController {
  private static final int STREAMS_OF_A_TENANT = 10;
  private static final long NO_TIMEOUT = 0;
  private static final MediaType EVENT_STREAM =
      new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8);

  private final Map<String, Integer> openStreams = new ConcurrentHashMap<>();
  private final RebuildRequests rebuilds;
  private final RebuildWatch watch;
  private final ReadGateway gateway;
  private final TenantTransactions transactions;
  private final RebuildRepository ownRebuilds;
  private final RequestRecords records;

  RebuildAdminController(
      RebuildRequests rebuilds,
      RebuildWatch watch,
      ReadGateway gateway,
      TenantTransactions transactions,
      @Qualifier("appDsl") DSLContext sql,
      RequestRecords records) {
    this.rebuilds = rebuilds;
    this.watch = watch;
    this.gateway = gateway;
    this.transactions = transactions;
    this.ownRebuilds = new RebuildRepository(sql);
    this.records = records;
  }

  /**
   * @param processed position reached, out of {@code total}
   * @param etaSeconds remaining time; absent while unknown
   * @param failure cause of a failure
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Rebuild")
  record RebuildState(
      UUID id,
      Rebuild.Kind kind,
      List<String> projections,
      @Nullable TenantId tenant,
      Rebuild.State state,
      Rebuild.Phase phase,
      long processed,
      long total,
      long perSecond,
      @Nullable Long etaSeconds,
      @Nullable String failure) {

    static RebuildState of(Rebuild rebuild) {
      return new RebuildState(
          rebuild.id(),
          rebuild.kind(),
          rebuild.projections(),
          rebuild.tenant(),
          rebuild.state(),
          rebuild.phase(),
          rebuild.processed(),
          rebuild.total(),
          Math.round(rebuild.perSecond()),
          rebuild.etaSeconds(),
          rebuild.failure());
    }
  }

  /** Rebuilds all projections in one pass; they become live together. */
  @PostMapping("/projections/rebuild")
  @Operation(
      operationId = "rebuildAllProjections",
      summary = "Rebuild all projections in one pass; they become live together")
  @Answers(
      value = HttpStatus.ACCEPTED,
      location = true,
      conflicts = {"rebuild-refused"})
  ResponseEntity<RebuildState> rebuildAll(
      @RequestParam(required = false) @Nullable String tenant,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http) {
    return rebuild(Kind.REBUILD, rebuilds.names(), tenantOf(tenant), key, http);
  }

  @PostMapping("/projections/{name}/rebuild")
  @Operation(
      operationId = "rebuildProjection",
      summary = "Rebuild a projection",
      description =
          "An admin's rebuild is of the tenant's rows, an operator's of all or of one tenant's.")
  @Answers(
      value = HttpStatus.ACCEPTED,
      location = true,
      conflicts = {"rebuild-refused"})
  ResponseEntity<RebuildState> rebuild(
      @PathVariable String name,
      @RequestParam(required = false) @Nullable String tenant,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http) {
    requireProjection(name);
    return rebuild(Kind.REBUILD, List.of(name), tenantOf(tenant), key, http);
  }

  /** Makes the generation live again that the last rebuild replaced. */
  @PostMapping("/projections/{name}/rollback")
  @Operation(
      operationId = "rollBackProjection",
      summary = "Make the generation live again that the last rebuild replaced")
  @Answers(
      value = HttpStatus.ACCEPTED,
      location = true,
      conflicts = {"rebuild-refused"})
  ResponseEntity<RebuildState> rollback(
      @PathVariable String name,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http) {
    requireProjection(name);
    return rebuild(Kind.ROLLBACK, List.of(name), null, key, http);
  }

  @GetMapping("/rebuilds/{id}")
  @Operation(operationId = "getRebuild", summary = "How far a rebuild is")
  RebuildState rebuild(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    return RebuildState.of(visible(id));
  }

  /** Server-Sent Events, about one each half second, until the rebuild has ended. */
  @GetMapping("/rebuilds/{id}/events")
  @Operation(
      operationId = "watchRebuild",
      summary = "Watch a rebuild until it has ended, by Server-Sent Events",
      description = "Events named progress, each with the rebuild's state; 10 streams at once.")
  @Answers(limits = {"too-many-streams"})
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string")))
  ResponseEntity<SseEmitter> events(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition,
      HttpMethod method) {
    gateway.awaitStored(minPosition);
    Rebuild rebuild = visible(id);
    var response =
        ResponseEntity.ok().contentType(EVENT_STREAM).cacheControl(CacheControl.noStore());
    if (method.equals(HttpMethod.HEAD)) {
      return response.build(); // a HEAD response has no body
    }
    String whose = TenantContext.find().map(TenantId::value).orElse("");
    if (openStreams.merge(whose, 1, Integer::sum) > STREAMS_OF_A_TENANT) {
      streamClosed(whose);
      throw tooManyStreams();
    }
    var emitter = new SseEmitter(NO_TIMEOUT);
    Thread.ofVirtual().name("rebuild-events").start(() -> send(rebuild, emitter, whose));
    return response.body(emitter);
  }

  /** Sends states until the rebuild has ended or the client has disconnected. */
  private void send(Rebuild first, SseEmitter emitter, String whose) {
    try (var watched = watch.watch(first.id())) {
      Rebuild rebuild = first;
      emitter.send(progress(rebuild));
      while (!rebuild.state().isFinal()) {
        rebuild = watched.next();
        emitter.send(progress(rebuild));
      }
    } catch (IOException | IllegalStateException clientGone) {
      return; // the container ends the response
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      streamClosed(whose);
    }
    emitter.complete();
  }

  private static SseEmitter.SseEventBuilder progress(Rebuild rebuild) {
    return SseEmitter.event()
        .name("progress")
        .data(RebuildState.of(rebuild), MediaType.APPLICATION_JSON);
  }

  private void streamClosed(String whose) {
    openStreams.computeIfPresent(whose, (tenant, open) -> open == 1 ? null : open - 1);
  }

  private static ProblemException tooManyStreams() {
    return new ProblemException(
            ProblemType.TOO_MANY_STREAMS,
            "%d rebuilds are watched at once at most; close another".formatted(STREAMS_OF_A_TENANT))
        .withHeader(HttpHeaders.RETRY_AFTER, "1");
  }

  /** Aborts the rebuild; the live generation stays. */
  @DeleteMapping("/rebuilds/{id}")
  @Operation(operationId = "abortRebuild", summary = "Abort a rebuild; the live generation stays")
  @Answers(
      value = HttpStatus.NO_CONTENT,
      conflicts = {"rebuild-refused"})
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void abort(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    Rebuild rebuild = visible(id);
    records.isReplayed(http, null, response);
    if (!rebuilds.abort(id) && rebuild.state() != Rebuild.State.ABORTED) {
      throw conflict("the rebuild has ended already");
    }
  }

  private ResponseEntity<RebuildState> rebuild(
      Kind kind,
      List<String> names,
      @Nullable TenantId tenant,
      @Nullable String key,
      HttpServletRequest http) {
    records.record(http, null);
    Optional<Rebuild> earlier = key == null ? Optional.empty() : rebuilds.find(tenant, key);
    if (earlier.isEmpty()) {
      return begun(
          orConflict(
              () ->
                  kind == Kind.REBUILD
                      ? rebuilds.request(names, tenant, key)
                      : rebuilds.requestRollback(names.getFirst(), key)));
    }
    if (earlier.get().kind() != kind
        || !new HashSet<>(earlier.get().projections()).equals(new HashSet<>(names))) {
      throw IdempotencyKeyFormat.reused();
    }
    return ResponseEntity.status(HttpStatus.ACCEPTED)
        .location(location(earlier.get()))
        .header(KontorHeaders.IDEMPOTENT_REPLAYED, "true")
        .body(RebuildState.of(earlier.get()));
  }

  private static ResponseEntity<RebuildState> begun(Rebuild rebuild) {
    return ResponseEntity.status(HttpStatus.ACCEPTED)
        .location(location(rebuild))
        .body(RebuildState.of(rebuild));
  }

  private static URI location(Rebuild rebuild) {
    return URI.create("/v1/admin/rebuilds/" + rebuild.id());
  }

  private static Rebuild orConflict(Supplier<Rebuild> request) {
    try {
      return request.get();
    } catch (RebuildRejectedException rejected) {
      throw conflict(String.valueOf(rejected.getMessage()));
    }
  }

  private static ProblemException conflict(String why) {
    return new ProblemException(ProblemType.REBUILD_REFUSED, why);
  }

  /** An admin sees only rebuilds of the own tenant, by row-level security. */
  private Rebuild visible(UUID id) {
    Optional<Rebuild> found =
        TenantContext.find().isEmpty()
            ? rebuilds.find(id)
            : transactions.read(() -> ownRebuilds.find(id));
    return found.orElseThrow(() -> ProblemException.notFound("there is no such rebuild"));
  }

  private void requireProjection(String name) {
    if (!rebuilds.names().contains(name)) {
      throw ProblemException.notFound("there is no such projection");
    }
  }

  /** The caller's tenant, or the one named by an operator; null for all tenants. */
  private static @Nullable TenantId tenantOf(@Nullable String named) {
    TenantId own = TenantContext.find().orElse(null);
    if (own != null && named != null) {
      throw ProblemException.invalid(
          "tenant", "is for operators; your rebuild is of your tenant's rows");
    }
    try {
      return named == null ? own : new TenantId(named);
    } catch (IllegalArgumentException malformed) {
      throw ProblemException.invalid("tenant", String.valueOf(malformed.getMessage()));
    }
  }
}
