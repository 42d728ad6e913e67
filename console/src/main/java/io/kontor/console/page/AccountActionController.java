package io.kontor.console.page;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.money.Money;
import io.kontor.console.client.ApiProblemException;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.BankApi.Sent;
import io.kontor.console.client.CallPath;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Forms that change an account. Each is done once, however often it is sent. */
@Controller
@RequestMapping("/console/accounts/{id}")
final class AccountActionController {
  private final BankApi api;

  AccountActionController(BankApi api) {
    this.api = api;
  }

  /**
   * The fields of all forms.
   *
   * @param to the account that a transfer goes to
   * @param key the idempotency key, new with each form; it stays when a form is shown again, since
   *     what was not answered may have been done
   */
  record Fields(
      @Nullable String to,
      @Nullable String amount,
      @Nullable String reference,
      @Nullable String reason,
      @Nullable String key) {
    public Fields {
      key = FormText.key(key);
    }

    static Fields empty() {
      return new Fields(null, null, null, null, null);
    }
  }

  /** The body of a movement of money on one account. */
  record Movement(WrittenAmount amount, @Nullable String reference) {}

  record Transfer(
      UUID from, @Nullable String to, WrittenAmount amount, @Nullable String reference) {}

  @GetMapping("/{action:deposit|withdraw|hold|freeze|unfreeze|transfer}")
  String form(@PathVariable UUID id, @PathVariable String action, Model model) {
    return show(account(id), action, Fields.empty(), null, model);
  }

  @PostMapping("/{action:deposit|withdraw|hold|freeze|unfreeze}")
  String send(
      @PathVariable UUID id,
      @PathVariable String action,
      @ModelAttribute Fields fields,
      HttpServletResponse response,
      Model model) {
    AccountAction wanted = required(action);
    Object body =
        wanted.movesMoney()
            ? new Movement(
                WrittenAmount.of(fields.amount(), account(id).currency()), fields.reference())
            : new Changes.Reason(fields.reason());
    return send(wanted, id, CallPath.of(wanted.callPath(), id), body, fields, response, model);
  }

  /** Shows both balances after the transfer, before it is sent. */
  @PostMapping("/transfer")
  String confirm(
      @PathVariable UUID id,
      @ModelAttribute Fields fields,
      HttpServletResponse response,
      Model model) {
    AccountDetails from = account(id);
    try {
      WrittenAmount amount = WrittenAmount.of(fields.amount(), from.currency());
      Money money = Money.of(amount.amount(), amount.currency());
      model.addAttribute("money", money);
      model.addAttribute("fromAfter", from.balance().minus(money));
      AccountDetails to = visible(fields.to());
      model.addAttribute("toAccount", to);
      model.addAttribute("toAfter", to == null ? null : to.balance().plus(money));
    } catch (IllegalArgumentException | ArithmeticException refused) {
      response.setStatus(HttpStatus.BAD_REQUEST.value());
      model.addAttribute("refused", refused.getMessage());
      return show(from, "transfer", fields, null, model);
    }
    show(from, "transfer", fields, null, model);
    return "console/transfer-confirm";
  }

  @PostMapping("/transfer/confirmed")
  String transfer(
      @PathVariable UUID id,
      @ModelAttribute Fields fields,
      HttpServletResponse response,
      Model model) {
    var body =
        new Transfer(
            id,
            stripped(fields.to()),
            WrittenAmount.of(fields.amount(), account(id).currency()),
            fields.reference());
    return send(
        AccountAction.TRANSFER, id, CallPath.of("/v1/transfers"), body, fields, response, model);
  }

  private String send(
      AccountAction action,
      UUID id,
      CallPath path,
      Object body,
      Fields fields,
      HttpServletResponse response,
      Model model) {
    try {
      Sent sent = api.send(HttpMethod.POST, path, body, Objects.requireNonNull(fields.key()));
      return "redirect:"
          + CallPath.of("/console/accounts/{}", id)
              .with("done", action.pathName())
              .with("position", sent.position())
              .value();
    } catch (ApiProblemException problem) {
      response.setStatus(problem.status());
      return show(account(id), action.pathName(), fields, problem, model);
    }
  }

  private String show(
      AccountDetails account,
      String action,
      Fields fields,
      @Nullable ApiProblemException problem,
      Model model) {
    model.addAttribute("account", account);
    model.addAttribute("action", required(action));
    model.addAttribute("fields", fields);
    model.addAttribute("problem", problem);
    return "console/account-action";
  }

  private static AccountAction required(String name) {
    return Objects.requireNonNull(AccountAction.of(name), name);
  }

  private AccountDetails account(UUID id) {
    return api.account(id);
  }

  /** The account, if the person may see it: a customer pays to accounts of others. */
  private @Nullable AccountDetails visible(@Nullable String id) {
    CallPath account = CallPath.of("/v1/accounts/{}", String.valueOf(stripped(id)));
    return api.find(AccountDetails.class, account, null).orElse(null);
  }

  private static @Nullable String stripped(@Nullable String text) {
    return text == null ? null : text.strip();
  }
}
