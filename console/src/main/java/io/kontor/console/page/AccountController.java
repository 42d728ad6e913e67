package io.kontor.console.page;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountStatus;
import io.kontor.api.ledger.Posting;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.web.paging.Page;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** Accounts: the list, and each with its postings and its balance over time. */
@Controller
@RequestMapping("/console/accounts")
final class AccountController {
  private static final String POSTINGS = "/v1/accounts/{}/postings";

  /** As many postings as the API answers at once. */
  private static final int DRAWN = 200;

  private final BankApi api;

  AccountController(BankApi api) {
    this.api = api;
  }

  @GetMapping
  String list(
      @RequestParam(required = false) @Nullable String account,
      @RequestParam(required = false) @Nullable String customer,
      @RequestParam(required = false) @Nullable String owner,
      @RequestParam(required = false) @Nullable String status,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    if (account != null && !account.isBlank()) {
      return "redirect:" + CallPath.of("/console/accounts/{}", account.strip()).value();
    }
    CallPath wanted =
        CallPath.of("/v1/accounts")
            .with("customer", customer)
            .with("owner", owner)
            .with("status", status);
    Page<AccountDetails> accounts =
        api.page(AccountDetails.class, wanted.with("cursor", cursor), null);
    model.addAttribute("accounts", accounts.items());
    model.addAttribute("customer", customer);
    model.addAttribute("owner", owner);
    model.addAttribute("status", status);
    model.addAttribute("statuses", AccountStatus.values());
    model.addAttribute(
        "next",
        CallPath.of("/console/accounts")
            .with("customer", customer)
            .with("owner", owner)
            .with("status", status)
            .after(accounts));
    return "console/accounts";
  }

  /**
   * @param from the first day
   * @param to the last day
   * @param position the position of the change that led here
   * @param done the change that led here
   */
  @GetMapping("/{id}")
  String account(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable String position,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    model.addAttribute("account", api.account(id, position));
    CallPath wanted =
        CallPath.of(POSTINGS, id)
            .with("from", Days.startOf("from", from, 0))
            .with("to", Days.startOf("to", to, 1));
    Page<Posting> postings =
        api.page(Posting.class, wanted.with("limit", 25).with("cursor", cursor), position);
    model.addAttribute("postings", postings.items());
    model.addAttribute("from", from);
    model.addAttribute("to", to);
    model.addAttribute("done", AccountAction.of(done));
    model.addAttribute(
        "next",
        CallPath.of("/console/accounts/{}", id).with("from", from).with("to", to).after(postings));
    return "console/account";
  }

  /**
   * The points of the chart, oldest first.
   *
   * @param times seconds since 1970
   * @param balances decimal strings in {@code currency}, each after a posting
   */
  record Balances(String currency, List<Long> times, List<String> balances) {}

  /** The balance after each of the newest postings. */
  @GetMapping("/{id}/balances")
  @ResponseBody
  Balances balances(@PathVariable UUID id) {
    List<Posting> postings =
        api.page(Posting.class, CallPath.of(POSTINGS, id).with("limit", DRAWN), null)
            .items()
            .reversed();
    return new Balances(
        postings.isEmpty() ? "" : postings.getFirst().balanceAfter().currency().getCurrencyCode(),
        postings.stream().map(posting -> posting.bookedAt().getEpochSecond()).toList(),
        postings.stream().map(posting -> posting.balanceAfter().amount()).toList());
  }
}
