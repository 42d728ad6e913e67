package io.kontor.query.ledger;

import io.kontor.api.ledger.JournalEntry;
import io.kontor.api.ledger.LedgerQuery.FindJournalEntry;
import io.kontor.api.ledger.LedgerQuery.FindTrialBalance;
import io.kontor.api.ledger.TrialBalance;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.EntityTags;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Trial balance and journal entries. */
@RestController
@RequestMapping("/v1/ledger")
@Tag(name = "Ledger")
class LedgerQueryController {
  private final ReadGateway gateway;

  LedgerQueryController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping("/trial-balance")
  @Operation(
      operationId = "getTrialBalance",
      summary = "Debits and credits of each currency; they are equal")
  List<TrialBalance> trialBalance(
      @RequestParam(required = false) @Nullable String at,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    var query = new FindTrialBalance(QueryParameters.instant("at", at));
    gateway.await(minPosition, JournalProjection.NAME);
    gateway.awaitAllBefore("at", query.at(), JournalProjection.NAME);
    return gateway.list(query, TrialBalance.class);
  }

  @GetMapping("/entries/{id}")
  @Operation(operationId = "getJournalEntry", summary = "A journal entry with its postings")
  ResponseEntity<JournalEntry> entry(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, JournalProjection.NAME);
    return gateway
        .find(new FindJournalEntry(id), JournalEntry.class)
        .map(entry -> ResponseEntity.ok().eTag(EntityTags.of(0)).body(entry))
        .orElseThrow(() -> ProblemException.notFound("there is no such journal entry"));
  }
}
