package io.kontor.query.endofday;

import io.kontor.api.endofday.BankDayDetails;
import io.kontor.api.endofday.ConditionsDetails;
import io.kontor.api.endofday.EndOfDayQuery.FindBankDay;
import io.kontor.api.endofday.EndOfDayQuery.FindConditions;
import io.kontor.api.money.CurrentCurrencies;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.endofday.BankDayProjection;
import io.kontor.projections.endofday.ConditionsProjection;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The open bank day, and conditions. */
@RestController
@Tag(name = "End of day")
class EndOfDayQueryController {
  private final ReadGateway gateway;

  EndOfDayQueryController(ReadGateway gateway) {
    this.gateway = gateway;
  }

  @GetMapping("/v1/admin/bank-day")
  @Operation(
      operationId = "getBankDay",
      summary = "The open bank day and the last ones that were closed",
      description = "How far the end of the open day is, its job says: `GET /v1/admin/jobs`.")
  @Answers(mayBeUnknown = true)
  BankDayDetails bankDay(
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, BankDayProjection.NAME);
    return gateway
        .find(new FindBankDay(), BankDayDetails.class)
        .orElseThrow(() -> ProblemException.notFound("there is no such bank day"));
  }

  @GetMapping("/v1/admin/conditions/{currency}")
  @Operation(
      operationId = "getConditions",
      summary = "The conditions of all accounts in a currency, those that count last first")
  List<ConditionsDetails> ofCurrency(
      @PathVariable String currency,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, ConditionsProjection.NAME);
    if (!CurrentCurrencies.contains(currency)) {
      throw ProblemException.notFound("there is no such currency");
    }
    return gateway.list(
        new FindConditions(null, Currency.getInstance(currency)), ConditionsDetails.class);
  }

  @GetMapping("/v1/accounts/{id}/conditions")
  @Operation(
      operationId = "getAccountConditions",
      summary = "The conditions of an account",
      description =
          "Its own, then those of its currency; in each the one that counts last first. On a day the"
              + " first one counts whose `from` it has reached.")
  List<ConditionsDetails> ofAccount(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, AccountProjection.NAME, ConditionsProjection.NAME);
    Currency currency = gateway.requireAccount(id).currency();
    return gateway.list(new FindConditions(id, currency), ConditionsDetails.class);
  }
}
