package io.kontor.console.page;

import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountState;
import io.kontor.api.audit.AccountMoment;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** An account at each of its events: the event, the state after it, and those around it. */
@Controller
@RequestMapping("/console/accounts/{id}/history")
final class AccountHistoryController {
  private static final int AROUND = 12;

  private final BankApi api;

  AccountHistoryController(BankApi api) {
    this.api = api;
  }

  /** A point of the history, readable. */
  record Moment(EventController.StoredEvent event, AccountState state) {
    static Moment of(AccountMoment moment) {
      return new Moment(EventController.StoredEvent.of(moment.event()), moment.state());
    }
  }

  /**
   * @param event the number of the event to show; the last one by default
   */
  @GetMapping
  String history(
      @PathVariable UUID id, @RequestParam(required = false) @Nullable String event, Model model) {
    AccountDetails account = api.account(id);
    model.addAttribute("account", account);
    Integer wanted = FormText.number("event", event);
    show(id, wanted == null ? account.version() : wanted, account.version(), model);
    return "console/account-history";
  }

  /** What the slider of the open page replaces. */
  @GetMapping("/moment")
  String moment(
      @PathVariable UUID id, @RequestParam(required = false) @Nullable String event, Model model) {
    history(id, event, model);
    return "console/account-history :: moment";
  }

  private void show(UUID id, long wanted, long last, Model model) {
    long shown = Math.clamp(wanted, 0, last);
    List<Moment> around =
        api
            .page(
                AccountMoment.class,
                CallPath.of("/v1/admin/accounts/{}/history", id)
                    .with("from", Math.max(0, shown - AROUND))
                    .with("limit", 2 * AROUND + 1),
                null)
            .items()
            .stream()
            .map(Moment::of)
            .toList();
    model.addAttribute("around", around);
    model.addAttribute("last", last);
    model.addAttribute(
        "moment",
        around.stream()
            .filter(moment -> moment.event().sequence() == shown)
            .findFirst()
            .orElse(null));
  }
}
