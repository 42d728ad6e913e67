package io.kontor.query.statement;

import io.kontor.query.statement.StatementController.RequestedStatement;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.kontor.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The statements of all accounts of a tenant, such as those of a month. */
@RestController
@RequestMapping("/v1/admin/statement-runs")
@Tag(name = "Statements")
class StatementRunController {
  private final ReadGateway gateway;
  private final StatementRequests requests;
  private final StatementQueries statements;
  private final StatementProperties properties;
  private final RequestRecords records;

  StatementRunController(
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

  @PostMapping
  @Operation(
      operationId = "requestStatementRun",
      summary = "Ask for the statements of all accounts",
      description =
          "Each becomes a job of its own, and is listed among its account's statements. An account"
              + " that was closed and had no postings in the period gets none.")
  @Answers(value = HttpStatus.ACCEPTED, location = true)
  ResponseEntity<RequestedStatement> request(
      @RequestBody StatementPeriod body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    body.requirePast(gateway, properties.zone());
    records.isReplayed(http, body, response);
    UUID run = requests.requestAll(body, key, Caller.current().subject());
    return ResponseEntity.accepted()
        .location(URI.create("/v1/admin/statement-runs/" + run))
        .body(new RequestedStatement(run));
  }

  @GetMapping("/{id}")
  @Operation(
      operationId = "getStatementRun",
      summary = "How far the statements of all accounts are")
  StatementRunDetails get(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    return statements
        .findRun(id)
        .orElseThrow(() -> ProblemException.notFound("there is no such run of statements"));
  }
}
