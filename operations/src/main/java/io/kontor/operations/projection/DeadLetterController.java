package io.kontor.operations.projection;

import static io.kontor.projections.tables.Tables.EVENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.kontor.api.message.Validation;
import io.kontor.projection.deadletter.DeadLetter;
import io.kontor.projection.deadletter.DeadLetterService;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.query.support.RowReader;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.Uuids;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tenant's dead letters of a projection, and requests to retry or discard them. A request is
 * only recorded; a node with the projection role carries it out.
 */
@RestController
@RequestMapping("/v1/admin/projections/{name}/dead-letters")
@Tag(name = "Dead letters")
class DeadLetterController {
  private final ReadModelPositions readModels;
  private final ReadGateway gateway;
  private final TenantTransactions transactions;
  private final DSLContext sql;
  private final RequestRecords records;
  private final DeadLetterService tenantLetters;
  private final DeadLetterService allLetters;
  private final JsonMapper json = new JsonMapper();

  DeadLetterController(
      ReadModelPositions readModels,
      ReadGateway gateway,
      TenantTransactions transactions,
      @Qualifier("appDsl") DSLContext sql,
      @Qualifier("adminDsl") DSLContext admin,
      RequestRecords records) {
    this.records = records;
    this.readModels = readModels;
    this.gateway = gateway;
    this.transactions = transactions;
    this.sql = sql;
    this.tenantLetters = new DeadLetterService(sql);
    this.allLetters = new DeadLetterService(admin);
  }

  /**
   * @param id changes when the stream fails at another event
   * @param version the stream's version after the event
   * @param followers later events of the stream, which wait for this one
   * @param requested the request that is not carried out yet
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "DeadLetter")
  record LetterState(
      UUID id,
      UUID stream,
      long version,
      String type,
      Instant recordedAt,
      Instant parkedAt,
      int attempts,
      long followers,
      String cause,
      @Nullable String requested) {

    static LetterState of(DeadLetter letter) {
      return new LetterState(
          letter.id(),
          letter.stream(),
          letter.version(),
          letter.eventType(),
          letter.recordedAt(),
          letter.parkedAt(),
          letter.attempts(),
          letter.followers(),
          letter.cause(),
          letter.requested());
    }
  }

  /** A dead letter with its event as stored. */
  @Schema(name = "DeadLetterContents")
  record Contents(
      @JsonUnwrapped LetterState letter,
      long position,
      UUID event,
      JsonNode payload,
      JsonNode metadata) {}

  /** Why the event is discarded. */
  @Schema(
      name = "DiscardDeadLetter",
      example =
          """
          {"reason":"booked by hand on 3 March"}
          """)
  record Discard(String reason) {
    Discard {
      Validation.text("reason", reason);
    }
  }

  @GetMapping
  @Operation(operationId = "listDeadLetters", summary = "The tenant's dead letters of a projection")
  Page<LetterState> letters(
      @PathVariable String name,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    requireTenant();
    requireProjection(name);
    gateway.await(minPosition, name);
    UUID after = Cursor.decode(cursor, Uuids::parse);
    String stream = after == null ? null : new StreamId(TenantContext.current(), after).toString();
    List<DeadLetter> letters = transactions.read(() -> tenantLetters.list(name, stream, shown + 1));
    return QueryParameters.page(
        letters.stream().map(LetterState::of).toList(),
        shown,
        letter -> letter.stream().toString());
  }

  @GetMapping("/{id}")
  @Operation(
      operationId = "getDeadLetter",
      summary = "A dead letter with its event as it is stored")
  Contents letter(
      @PathVariable String name,
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    requireTenant();
    requireProjection(name);
    gateway.await(minPosition, name);
    return transactions.read(
        () -> {
          DeadLetter letter =
              tenantLetters.find(name, id).orElseThrow(DeadLetterController::unknown);
          return sql.selectFrom(EVENT)
              .where(EVENT.STREAM_ID.eq(letter.stream()))
              .and(EVENT.SEQUENCE.eq(letter.version()))
              .fetchOptional(event -> contents(letter, event))
              .orElseThrow(DeadLetterController::unknown);
        });
  }

  /** Requests a retry of all the caller's dead letters; the projection's state shows the result. */
  @PostMapping("/retry")
  @Operation(
      operationId = "retryDeadLetters",
      summary = "Have all the caller's dead letters of a projection tried again")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void retryAll(
      @PathVariable String name,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    requireProjection(name);
    if (records.isReplayed(http, null, response)) {
      return;
    }
    String by = Caller.current().subject();
    if (TenantContext.find().isEmpty()) {
      allLetters.requestRetry(name, by);
    } else {
      transactions.write(() -> tenantLetters.requestRetry(name, by));
    }
  }

  @PostMapping("/{id}/retry")
  @Operation(operationId = "retryDeadLetter", summary = "Have a dead letter tried again")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void retry(
      @PathVariable String name,
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    requireTenant();
    requireProjection(name);
    if (records.isReplayed(http, null, response)) {
      return;
    }
    String by = Caller.current().subject();
    requireFound(transactions.write(() -> tenantLetters.requestRetry(name, id, by)));
  }

  /** Requests that the event be left out of the read model, also in later rebuilds. */
  @PostMapping("/{id}/discard")
  @Operation(
      operationId = "discardDeadLetter",
      summary = "Have the event left out of the read model, also in later rebuilds")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void discard(
      @PathVariable String name,
      @PathVariable UUID id,
      @RequestBody Discard body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    requireTenant();
    requireProjection(name);
    if (records.isReplayed(http, body, response)) {
      return;
    }
    String by = Caller.current().subject();
    requireFound(
        transactions.write(() -> tenantLetters.requestDiscard(name, id, by, body.reason())));
  }

  private Contents contents(DeadLetter letter, Record event) {
    return new Contents(
        LetterState.of(letter),
        RowReader.get(event, EVENT.POSITION),
        RowReader.get(event, EVENT.EVENT_ID),
        json.readTree(RowReader.get(event, EVENT.PAYLOAD).data()),
        json.readTree(RowReader.get(event, EVENT.METADATA).data()));
  }

  /** An operator sees the number of dead letters, but no tenant's events. */
  private static void requireTenant() {
    if (TenantContext.find().isEmpty()) {
      throw new ProblemException(ProblemType.FORBIDDEN, "dead letters are their tenant's to see");
    }
  }

  private void requireProjection(String name) {
    if (!readModels.names().contains(name)) {
      throw ProblemException.notFound("there is no such projection");
    }
  }

  private static void requireFound(boolean isFound) {
    if (!isFound) {
      throw unknown();
    }
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("there is no such dead letter");
  }
}
