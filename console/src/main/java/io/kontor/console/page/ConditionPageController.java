package io.kontor.console.page;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.endofday.ConditionsDetails;
import io.kontor.api.endofday.DayCount;
import io.kontor.api.endofday.FeeRhythm;
import io.kontor.console.client.ApiProblemException;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What accounts earn and cost: the conditions of a currency, and those of one account. */
@Controller
final class ConditionPageController {
  private static final String OF_CURRENCY = "/v1/admin/conditions/{}";
  private static final String OF_ACCOUNT = "/v1/accounts/{}/conditions";
  private static final String CURRENCY_PAGE = "/console/conditions/{}";
  private static final String ACCOUNT_PAGE = "/console/accounts/{}/conditions";
  private static final String PAGE = "console/conditions";

  private final BankApi api;
  private final Changes changes;

  ConditionPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /** The form of new ones; the key is new with each form. */
  record Fields(
      @Nullable String from,
      @Nullable String creditRate,
      @Nullable String debitRate,
      @Nullable String dayCount,
      @Nullable String fee,
      @Nullable String feeRhythm,
      @Nullable String key) {
    public Fields {
      key = FormText.key(key);
    }

    Body body(String currency) {
      return new Body(
          FormText.ofOptional(from),
          FormText.ofOptional(creditRate),
          FormText.ofOptional(debitRate),
          dayCount,
          new WrittenAmount(fee == null ? "" : fee.strip(), currency),
          feeRhythm);
    }
  }

  record Body(
      @Nullable String from,
      @Nullable String creditRate,
      @Nullable String debitRate,
      @Nullable String dayCount,
      WrittenAmount fee,
      @Nullable String feeRhythm) {}

  /** The page of a currency that a person has chosen. */
  @GetMapping("/console/conditions")
  String choose(@RequestParam(defaultValue = "EUR") String currency) {
    return "redirect:" + CallPath.of(CURRENCY_PAGE, currency.strip()).value();
  }

  @GetMapping("/console/conditions/{currency}")
  String ofCurrency(
      @PathVariable String currency,
      @ModelAttribute("fields") Fields fields,
      @RequestParam(required = false) @Nullable String position,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    show(CallPath.of(OF_CURRENCY, currency), position, currency, null, model);
    model.addAttribute("done", done != null);
    return PAGE;
  }

  @PostMapping("/console/conditions/{currency}")
  String setOfCurrency(
      @PathVariable String currency,
      @ModelAttribute("fields") Fields fields,
      HttpServletResponse response,
      Model model) {
    CallPath call = CallPath.of(OF_CURRENCY, currency);
    try {
      return changes.put(
          call, fields.body(currency), fields.key(), CallPath.of(CURRENCY_PAGE, currency));
    } catch (ApiProblemException problem) {
      show(call, null, currency, null, model);
      return Changes.again(PAGE, problem, response, model);
    }
  }

  @GetMapping("/console/accounts/{id}/conditions")
  String ofAccount(
      @PathVariable UUID id,
      @ModelAttribute("fields") Fields fields,
      @RequestParam(required = false) @Nullable String position,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    AccountDetails account = account(id);
    show(CallPath.of(OF_ACCOUNT, id), position, account.currency().toString(), account, model);
    model.addAttribute("done", done != null);
    return PAGE;
  }

  @PostMapping("/console/accounts/{id}/conditions")
  String setOfAccount(
      @PathVariable UUID id,
      @ModelAttribute("fields") Fields fields,
      HttpServletResponse response,
      Model model) {
    AccountDetails account = account(id);
    String currency = account.currency().toString();
    CallPath call = CallPath.of(OF_ACCOUNT, id);
    try {
      return changes.put(call, fields.body(currency), fields.key(), CallPath.of(ACCOUNT_PAGE, id));
    } catch (ApiProblemException problem) {
      show(call, null, currency, account, model);
      return Changes.again(PAGE, problem, response, model);
    }
  }

  private AccountDetails account(UUID id) {
    return api.account(id);
  }

  /**
   * @param account null for those of the currency
   */
  private void show(
      CallPath call,
      @Nullable String position,
      String currency,
      @Nullable AccountDetails account,
      Model model) {
    model.addAttribute("conditions", api.list(ConditionsDetails.class, call, position));
    model.addAttribute("currency", currency);
    model.addAttribute("account", account);
    model.addAttribute("dayCounts", DayCount.values());
    model.addAttribute("feeRhythms", FeeRhythm.values());
    model.addAttribute(
        "page",
        account == null
            ? CallPath.of(CURRENCY_PAGE, currency).value()
            : CallPath.of(ACCOUNT_PAGE, account.id()).value());
  }
}
