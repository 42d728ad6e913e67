package io.kontor.query.statement;

import io.kontor.projections.account.AccountProjection;
import io.kontor.query.statement.StatementQueries.Document;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.Uuids;
import io.kontor.web.download.Download;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Statements of an account: asked for, and fetched once a job has written them. */
@RestController
@RequestMapping("/v1/accounts/{id}/statements")
@Tag(name = "Statements")
class StatementController {
  private final ReadGateway gateway;
  private final StatementRequests requests;
  private final StatementQueries statements;
  private final StatementProperties properties;
  private final RequestRecords records;

  StatementController(
      ReadGateway gateway,
      StatementRequests requests,
      StatementQueries statements,
      StatementProperties properties,
      RequestRecords records) {
    this.gateway = gateway;
    this.requests = requests;
    this.statements = statements;
    this.properties = properties;
    this.records = records;
  }

  /** A statement, or a run of statements, that was asked for. */
  @Schema(name = "RequestedStatement")
  record RequestedStatement(UUID id) {}

  @PostMapping
  @Operation(operationId = "requestStatement", summary = "Ask for an account's statement")
  @Answers(value = HttpStatus.ACCEPTED, location = true, limits = "too-many-statements")
  ResponseEntity<RequestedStatement> request(
      @PathVariable UUID id,
      @RequestBody StatementPeriod body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    gateway.requireAccount(id);
    body.requirePast(gateway, properties.zone());
    records.isReplayed(http, body, response);
    Caller caller = Caller.current();
    UUID statement = requests.request(id, body, key, caller.subject(), caller.asCustomer() != null);
    return ResponseEntity.accepted()
        .location(URI.create("/v1/accounts/%s/statements/%s".formatted(id, statement)))
        .body(new RequestedStatement(statement));
  }

  @GetMapping
  @Operation(operationId = "listStatements", summary = "An account's statements, newest first")
  Page<StatementDetails> list(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    int shown = PageLimit.of(limit);
    UUID before = Cursor.decode(cursor, Uuids::parse);
    gateway.await(minPosition, AccountProjection.NAME);
    gateway.requireAccount(id);
    return QueryParameters.page(
        statements.list(id, before, shown + 1), shown, statement -> statement.id().toString());
  }

  @GetMapping("/{statement}")
  @Operation(operationId = "getStatement", summary = "A statement, and how far it is")
  StatementDetails get(
      @PathVariable UUID id,
      @PathVariable UUID statement,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, AccountProjection.NAME);
    gateway.requireAccount(id);
    return find(id, statement);
  }

  @GetMapping("/{statement}/document")
  @Operation(operationId = "getStatementDocument", summary = "The document of a statement")
  @Answers(document = true, conflicts = "statement-not-ready")
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
        @Content(mediaType = MediaType.APPLICATION_XML_VALUE, schema = @Schema(type = "string")),
        @Content(
            mediaType = MediaType.APPLICATION_PDF_VALUE,
            schema = @Schema(type = "string", format = "binary"))
      })
  void document(
      @PathVariable UUID id,
      @PathVariable UUID statement,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition,
      HttpServletResponse response)
      throws IOException {
    gateway.await(minPosition, AccountProjection.NAME);
    gateway.requireAccount(id);
    StatementDetails details = find(id, statement);
    Document document =
        statements
            .document(id, statement)
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemType.STATEMENT_NOT_READY,
                        "the statement is %s".formatted(details.state())));
    response.setContentLengthLong(document.bytes());
    Download.send(
        response,
        details.format().mediaType(),
        "statement-%s-%s-%s.%s"
            .formatted(id, details.from(), details.to().minusDays(1), details.format().extension()),
        out -> {
          try (InputStream in =
              DocumentParts.read(document.parts(), part -> part(document.id(), part))) {
            in.transferTo(out);
          }
        });
  }

  private byte[] part(UUID document, int part) {
    return statements.part(document, part).orElseThrow(StatementController::unknown);
  }

  private StatementDetails find(UUID account, UUID statement) {
    return statements.find(account, statement).orElseThrow(StatementController::unknown);
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("there is no such statement");
  }
}
