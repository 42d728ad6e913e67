package io.kontor.console.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.api.account.AccountDetails;
import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.StandingOrderDetails;
import io.kontor.api.standingorder.StandingOrderDetails.NextExecution;
import io.kontor.api.standingorder.StandingOrderStatus;
import io.kontor.console.client.ApiProblemException;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.web.paging.Page;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Standing orders: what is paid when, what came of each due date, and the form for a new one. */
@Controller
@RequestMapping("/console/standing-orders")
final class StandingOrderPageController {
  private static final String LIST = "/v1/standing-orders";
  private static final String PAGES = "/console/standing-orders";
  private static final String FORM = "console/standing-order-form";
  private static final int SHOWN = 10;

  private final BankApi api;
  private final Changes changes;

  StandingOrderPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /**
   * The form of a new one.
   *
   * @param from the account that pays
   * @param to an account of this bank; without it, {@code creditor} and {@code iban}
   * @param key the idempotency key, new with each form
   */
  record Fields(
      @Nullable String from,
      @Nullable String to,
      @Nullable String creditor,
      @Nullable String iban,
      @Nullable String amount,
      @Nullable String reference,
      @Nullable String first,
      @Nullable String rhythm,
      @Nullable String dayOfMonth,
      @Nullable String until,
      @Nullable String count,
      @Nullable String businessDayRule,
      @Nullable String calendar,
      @Nullable String key) {
    public Fields {
      key = FormText.key(key);
      calendar = calendar == null ? "TARGET" : calendar;
      rhythm = rhythm == null ? Rhythm.MONTHLY.name() : rhythm;
    }

    Creation creation(AccountDetails account) {
      return new Creation(
          account.id(),
          FormText.ofOptional(to),
          Receiver.of(creditor, iban),
          WrittenAmount.of(amount, account.currency()),
          reference,
          new Schedule(
              FormText.ofOptional(first),
              rhythm,
              FormText.number("dayOfMonth", dayOfMonth),
              FormText.ofOptional(until),
              FormText.number("count", count),
              businessDayRule,
              calendar));
    }
  }

  /** The body of a creation and of its preview. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Creation(
      UUID from,
      @Nullable String to,
      @Nullable Receiver creditor,
      WrittenAmount amount,
      @Nullable String reference,
      Schedule schedule) {}

  record Receiver(@Nullable String name, @Nullable String iban) {
    static @Nullable Receiver of(@Nullable String name, @Nullable String iban) {
      String written = FormText.ofOptional(iban);
      return written == null ? null : new Receiver(name, written.replace(" ", ""));
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Schedule(
      @Nullable String first,
      @Nullable String rhythm,
      @Nullable Integer dayOfMonth,
      @Nullable String until,
      @Nullable Integer count,
      @Nullable String businessDayRule,
      @Nullable String calendar) {}

  record Preview(List<NextExecution> executions) {}

  @GetMapping
  String list(
      @RequestParam(required = false) @Nullable String account,
      @RequestParam(required = false) @Nullable String status,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    CallPath wanted = CallPath.of(LIST).with("account", account).with("status", status);
    Page<StandingOrderDetails> orders =
        api.page(StandingOrderDetails.class, wanted.with("cursor", cursor), null);
    model.addAttribute("orders", orders.items());
    model.addAttribute("account", account);
    model.addAttribute("status", status);
    model.addAttribute("statuses", StandingOrderStatus.values());
    model.addAttribute(
        "next", CallPath.of(PAGES).with("account", account).with("status", status).after(orders));
    return "console/standing-orders";
  }

  @GetMapping("/new")
  String form(@ModelAttribute("fields") Fields fields, Model model) {
    show(account(fields), model);
    return FORM;
  }

  /** Shows the first dates of what is written; nothing is created. */
  @PostMapping("/preview")
  String preview(
      @ModelAttribute("fields") Fields fields, HttpServletResponse response, Model model) {
    AccountDetails account = account(fields);
    show(account, model);
    try {
      Preview preview =
          changes.answer(
              Preview.class,
              CallPath.of(LIST + "?preview"),
              fields.creation(account),
              fields.key());
      model.addAttribute("executions", preview.executions());
      return FORM;
    } catch (ApiProblemException problem) {
      return Changes.again(FORM, problem, response, model);
    }
  }

  @PostMapping
  String create(
      @ModelAttribute("fields") Fields fields, HttpServletResponse response, Model model) {
    AccountDetails account = account(fields);
    try {
      return changes.create(CallPath.of(LIST), fields.creation(account), fields.key(), PAGES);
    } catch (ApiProblemException problem) {
      show(account, model);
      return Changes.again(FORM, problem, response, model);
    }
  }

  @GetMapping("/{id}")
  String order(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String position,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    StandingOrderDetails order =
        api.get(StandingOrderDetails.class, CallPath.of(LIST + "/{}", id), position);
    model.addAttribute("order", order);
    model.addAttribute("later", dueAfterNext(order));
    model.addAttribute("done", done != null);
    return "console/standing-order";
  }

  @PostMapping("/{id}/{change:pause|resume|cancel}")
  String change(
      @PathVariable UUID id,
      @PathVariable String change,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of(LIST + "/{}/{}", id, change), null, key, CallPath.of(PAGES + "/{}", id));
  }

  private AccountDetails account(Fields fields) {
    return api.account(String.valueOf(fields.from()));
  }

  private static void show(AccountDetails account, Model model) {
    model.addAttribute("account", account);
    model.addAttribute("rhythms", Rhythm.values());
    model.addAttribute("rules", BusinessDayRule.values());
  }

  /** The due dates after the next execution's, by the schedule. */
  private static List<LocalDate> dueAfterNext(StandingOrderDetails order) {
    NextExecution next = order.next();
    if (next == null) {
      return List.of();
    }
    return IntStream.iterate(1, number -> number + 1)
        .mapToObj(order.schedule()::dueDate)
        .takeWhile(Optional::isPresent)
        .flatMap(Optional::stream)
        .dropWhile(due -> !due.isAfter(next.dueDate()))
        .limit(SHOWN)
        .toList();
  }
}
