package io.kontor.notifications.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.account.AccountDetails;
import io.kontor.api.money.Money;
import io.kontor.notifications.rule.BalanceAlert;
import io.kontor.notifications.store.AlertStore;
import io.kontor.projections.account.AccountProjection;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RequestRecords;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.openapi.Answers;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.request.IdempotencyKeyFormat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** At which balances of an account its customer is notified. */
@RestController
@RequestMapping("/v1/accounts/{id}/alerts")
@Tag(name = "Notifications")
class AccountAlertController {
  private final ReadGateway gateway;
  private final TenantTransactions transactions;
  private final AlertStore alerts;
  private final RequestRecords records;

  AccountAlertController(
      ReadGateway gateway,
      TenantTransactions transactions,
      AlertStore alerts,
      RequestRecords records) {
    this.gateway = gateway;
    this.transactions = transactions;
    this.alerts = alerts;
    this.records = records;
  }

  /**
   * @param below the customer is notified when the balance falls below it; absent for never
   * @param above the customer is notified when the balance rises above it; absent for never
   */
  @Schema(
      name = "AccountAlerts",
      example =
          """
          {"below":{"amount":"100.00","currency":"EUR"},
           "above":{"amount":"5000.00","currency":"EUR"}}
          """)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Alerts(@Nullable Money below, @Nullable Money above) {
    static Alerts of(@Nullable BalanceAlert set) {
      return set == null ? new Alerts(null, null) : new Alerts(set.below(), set.above());
    }
  }

  @GetMapping
  @Operation(
      operationId = "getAccountAlerts",
      summary = "At which balances of an account its customer is notified")
  Alerts alerts(
      @PathVariable UUID id,
      @RequestHeader(name = KontorHeaders.MIN_POSITION, required = false)
          @Nullable String minPosition) {
    gateway.await(minPosition, AccountProjection.NAME);
    gateway.requireAccount(id);
    return transactions.read(() -> Alerts.of(alerts.of(Set.of(id)).get(id)));
  }

  @PutMapping
  @Operation(
      operationId = "setAccountAlerts",
      summary = "Set at which balances of an account its customer is notified",
      description = "The booking that crosses a balance notifies, none of those after it.")
  @Answers(value = HttpStatus.NO_CONTENT, rejections = "currency-mismatch")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void set(
      @PathVariable UUID id,
      @RequestBody Alerts body,
      @RequestHeader(name = KontorHeaders.IDEMPOTENCY_KEY, required = false) @Nullable String key,
      HttpServletRequest http,
      HttpServletResponse response) {
    IdempotencyKeyFormat.requireForm(key);
    AccountDetails account = gateway.requireAccount(id);
    requireCurrency(body, account);
    if (!records.isReplayed(http, body, response)) {
      transactions.write(
          () -> {
            alerts.set(
                id,
                account.customer(),
                account.currency(),
                new BalanceAlert(body.below(), body.above()));
            return true;
          });
    }
  }

  private static void requireCurrency(Alerts body, AccountDetails account) {
    boolean agrees =
        Stream.of(body.below(), body.above())
            .allMatch(money -> money == null || money.currency().equals(account.currency()));
    if (!agrees) {
      throw new ProblemException(
          ProblemType.CURRENCY_MISMATCH,
          "the account is in %s".formatted(account.currency().getCurrencyCode()));
    }
  }
}
