package io.kontor.command.endofday.web;

import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.ShowOwner;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult.Owner;
import io.kontor.api.endofday.AccountTerms;
import io.kontor.api.endofday.ConditionsId;
import io.kontor.api.endofday.ConditionsResult;
import io.kontor.api.endofday.DayCount;
import io.kontor.api.endofday.FeeRhythm;
import io.kontor.api.endofday.InterestRate;
import io.kontor.api.endofday.SetConditions;
import io.kontor.api.message.Validation;
import io.kontor.api.money.CurrentCurrencies;
import io.kontor.api.money.Money;
import io.kontor.command.http.CommandDispatcher;
import io.kontor.command.http.CommandRequest;
import io.kontor.command.http.PathIds;
import io.kontor.command.http.RejectionProblems;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.openapi.Answers;
import io.kontor.web.openapi.SendsCommands;
import io.kontor.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.LocalDate;
import java.util.Currency;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Sets what accounts earn and cost. */
@RestController
@Tag(name = "End of day")
@SendsCommands
class ConditionsController {
  private final CommandDispatcher commands;

  ConditionsController(CommandDispatcher commands) {
    this.commands = commands;
  }

  /**
   * @param from the first day on which they count
   * @param creditRate percent a year on a balance above zero
   * @param debitRate percent a year on what the account is overdrawn by; zero or more
   * @param fee zero for none
   */
  @Schema(
      name = "SetConditions",
      example =
          """
          {"from":"2099-01-01","creditRate":"0.75","debitRate":"9.90","dayCount":"ACT_365",
           "fee":{"amount":"2.90","currency":"EUR"},"feeRhythm":"MONTHLY"}
          """)
  record Setting(
      LocalDate from,
      InterestRate creditRate,
      InterestRate debitRate,
      DayCount dayCount,
      Money fee,
      FeeRhythm feeRhythm) {
    Setting {
      Validation.that(debitRate.millionths() >= 0, "debitRate: must not be negative");
      Validation.notNegative("fee", fee);
    }

    AccountTerms terms() {
      return new AccountTerms(creditRate, debitRate, dayCount, fee, feeRhythm);
    }
  }

  @PutMapping("/v1/admin/conditions/{currency}")
  @Operation(
      operationId = "setConditions",
      summary = "Set the conditions of all accounts in a currency",
      description =
          "Accounts that have conditions of their own keep these. A day that is over keeps what it"
              + " had.")
  ResponseEntity<ConditionsResult> setOfCurrency(
      @PathVariable String currency, @RequestBody Setting body, HttpServletRequest http) {
    if (!CurrentCurrencies.contains(currency)) {
      throw RejectionProblems.problem(new Rejection.Unknown("currency"));
    }
    Currency known = Currency.getInstance(currency);
    if (!known.equals(body.fee().currency())) {
      throw ProblemException.invalid("/fee", "must be in " + known);
    }
    var command =
        new SetConditions(
            ConditionsId.of(TenantContext.current(), known),
            null,
            known,
            body.from(),
            body.terms());
    return commands.send(CommandRequest.of(http, body), command, ConditionsResult.class).ok();
  }

  @PutMapping("/v1/accounts/{id}/conditions")
  @Operation(
      operationId = "setAccountConditions",
      summary = "Set the conditions of one account",
      description = "A day that is over keeps what it had.")
  @Answers(rejections = "currency-mismatch")
  ResponseEntity<ConditionsResult> setOfAccount(
      @PathVariable String id, @RequestBody Setting body, HttpServletRequest http) {
    AccountId account = PathIds.account(id);
    var request = CommandRequest.of(http, body);
    return commands
        .prepared(
            request,
            () -> {
              Currency currency =
                  commands
                      .ask(request.origin(), new ShowOwner(account, null), Owner.class)
                      .currency();
              if (!currency.equals(body.fee().currency())) {
                throw RejectionProblems.problem(
                    new Rejection.CurrencyMismatch(account, currency, body.fee().currency()));
              }
              return new SetConditions(
                  ConditionsId.of(account), account, currency, body.from(), body.terms());
            },
            ConditionsResult.class)
        .ok();
  }
}
