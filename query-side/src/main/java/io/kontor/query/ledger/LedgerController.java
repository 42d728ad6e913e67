package io.kontor.query.ledger;

import io.kontor.api.ledger.JournalEntry;
import io.kontor.api.ledger.LedgerQuery.FindJournalEntry;
import io.kontor.api.ledger.LedgerQuery.FindTrialBalance;
import io.kontor.api.ledger.TrialBalance;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.query.Parameters;
import io.kontor.query.Questions;
import io.kontor.web.ETags;
import io.kontor.web.Headers;
import io.kontor.web.Problem;
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

/** The bank's books. */
@RestController
@RequestMapping("/v1/ledger")
class LedgerController {
  private final Questions questions;

  LedgerController(Questions questions) {
    this.questions = questions;
  }

  @GetMapping("/trial-balance")
  List<TrialBalance> trialBalance(
      @RequestParam(required = false) @Nullable String at,
      @RequestHeader(name = Headers.MIN_POSITION, required = false) @Nullable String minPosition) {
    var query = new FindTrialBalance(Parameters.instant("at", at));
    questions.await(minPosition, JournalProjection.NAME);
    questions.awaitAllBefore("at", query.at(), JournalProjection.NAME);
    return questions.list(query, TrialBalance.class);
  }

  @GetMapping("/entries/{id}")
  ResponseEntity<JournalEntry> entry(
      @PathVariable UUID id,
      @RequestHeader(name = Headers.MIN_POSITION, required = false) @Nullable String minPosition) {
    questions.await(minPosition, JournalProjection.NAME);
    return questions
        .find(new FindJournalEntry(id), JournalEntry.class)
        .map(entry -> ResponseEntity.ok().eTag(ETags.of(0)).body(entry))
        .orElseThrow(() -> Problem.notFound("there is no such journal entry"));
  }
}
