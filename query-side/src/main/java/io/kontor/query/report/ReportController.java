package io.kontor.query.report;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountQuery.FindAccounts;
import io.kontor.api.account.AccountStatus;
import io.kontor.api.ledger.LedgerQuery.FindTrialBalance;
import io.kontor.api.ledger.TrialBalance;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.query.support.QueryParameters;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.download.Download;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The trial balance and the list of accounts as files for spreadsheets. */
@RestController
@RequestMapping("/v1/reports")
@Tag(name = "Reports")
class ReportController {
  private static final int PAGE = 1_000;

  private final ReadGateway gateway;

  ReportController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping("/trial-balance")
  @Operation(
      operationId = "reportTrialBalance",
      summary = "The trial balance as a file for spreadsheets")
  @Answers(document = true)
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(mediaType = ReportFormat.CSV_TYPE, schema = @Schema(type = "string")),
        @Content(
            mediaType = ReportFormat.XLSX_TYPE,
            schema = @Schema(type = "string", format = "binary"))
      })
  void trialBalance(
      @RequestParam(required = false) @Nullable String at,
      @RequestParam(defaultValue = "CSV") ReportFormat format,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition,
      HttpServletResponse response)
      throws IOException {
    var query = new FindTrialBalance(QueryParameters.instant("at", at));
    gateway.await(minPosition, JournalProjection.NAME);
    gateway.awaitAllBefore("at", query.at(), JournalProjection.NAME);
    List<TrialBalance> balances = gateway.list(query, TrialBalance.class);
    Download.send(
        response,
        format.mediaType(),
        format.fileName("trial-balance"),
        out -> ReportTables.write(balances, format.table(out, "Trial balance")));
  }

  @GetMapping("/accounts")
  @Operation(
      operationId = "reportAccounts",
      summary = "Accounts as a file for spreadsheets, in the order of their ids",
      description =
          "Read in portions of 1,000 accounts: each shows one instant, the whole report does not.")
  @Answers(document = true)
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(mediaType = ReportFormat.CSV_TYPE, schema = @Schema(type = "string")),
        @Content(
            mediaType = ReportFormat.XLSX_TYPE,
            schema = @Schema(type = "string", format = "binary"))
      })
  void accounts(
      @RequestParam(required = false) @Nullable AccountStatus status,
      @RequestParam(required = false) @Nullable String customer,
      @RequestParam(defaultValue = "CSV") ReportFormat format,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition,
      HttpServletResponse response)
      throws IOException {
    var query = new FindAccounts(status, QueryParameters.customers(customer), null, PAGE);
    gateway.await(minPosition, AccountProjection.NAME);
    Download.send(
        response,
        format.mediaType(),
        format.fileName("accounts"),
        out ->
            ReportTables.write(
                page(query),
                last -> page(new FindAccounts(status, query.customers(), last.id(), PAGE)),
                format.table(out, "Accounts")));
  }

  private List<AccountDetails> page(FindAccounts query) {
    return gateway.list(query, AccountDetails.class);
  }
}
