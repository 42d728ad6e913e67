package io.kontor.console.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.account.AccountDetails;
import io.kontor.api.money.Money;
import io.kontor.console.client.ApiProblemException;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** At which balances of an account its customer is notified. */
@Controller
@RequestMapping("/console/accounts/{id}/alerts")
final class BalanceAlertController {
  private static final String CALL = "/v1/accounts/{}/alerts";
  private static final String FORM = "console/balance-alerts";

  private final BankApi api;
  private final Changes changes;

  BalanceAlertController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  record Alerts(@Nullable Money below, @Nullable Money above) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record NewAlerts(@Nullable WrittenAmount below, @Nullable WrittenAmount above) {}

  @GetMapping
  String form(
      @PathVariable UUID id, @RequestParam(required = false) @Nullable String done, Model model) {
    Alerts set = api.get(Alerts.class, CallPath.of(CALL, id));
    show(account(id), amount(set.below()), amount(set.above()), model);
    model.addAttribute("done", done != null);
    return FORM;
  }

  /**
   * @param below empty for never
   * @param above empty for never
   */
  @PostMapping
  String set(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String below,
      @RequestParam(required = false) @Nullable String above,
      @RequestParam(required = false) @Nullable String key,
      HttpServletResponse response,
      Model model) {
    AccountDetails account = account(id);
    var alerts =
        new NewAlerts(
            WrittenAmount.ofOptional(below, account.currency()),
            WrittenAmount.ofOptional(above, account.currency()));
    try {
      return changes.put(
          CallPath.of(CALL, id), alerts, key, CallPath.of("/console/accounts/{}/alerts", id));
    } catch (ApiProblemException problem) {
      show(account, below, above, model);
      return Changes.again(FORM, problem, response, model);
    }
  }

  private AccountDetails account(UUID id) {
    return api.account(id);
  }

  private static void show(
      AccountDetails account, @Nullable String below, @Nullable String above, Model model) {
    model.addAttribute("account", account);
    model.addAttribute("below", below);
    model.addAttribute("above", above);
  }

  private static @Nullable String amount(@Nullable Money money) {
    return money == null ? null : money.amount();
  }
}
