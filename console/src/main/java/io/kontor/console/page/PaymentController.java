package io.kontor.console.page;

import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentDetails;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.web.paging.Page;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Payments to other banks: where each stands, and a person's decision when one is stuck. */
@Controller
@RequestMapping("/console/payments")
final class PaymentController {
  private static final String LIST = "/v1/payments";
  private static final String ONE = "/console/payments/{}";

  private final BankApi api;
  private final Changes changes;

  PaymentController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /** What a person knows of a payment's outcome. */
  record Resolution(@Nullable String outcome, @Nullable String reason) {}

  @GetMapping
  String list(
      @RequestParam(required = false) @Nullable String account,
      @RequestParam(required = false) @Nullable String status,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    CallPath all = CallPath.of(LIST).with("account", account).with("status", status);
    Page<PaymentDetails> payments =
        api.page(PaymentDetails.class, all.with("cursor", cursor), null);
    if (cursor == null) {
      model.addAttribute(
          "stuck", api.page(PaymentDetails.class, all.with("needsAttention", true), null).items());
    }
    model.addAttribute("payments", payments.items());
    model.addAttribute("account", account);
    model.addAttribute("status", status);
    model.addAttribute("statuses", PaymentStatus.values());
    model.addAttribute(
        "next",
        CallPath.of("/console/payments")
            .with("account", account)
            .with("status", status)
            .after(payments));
    return "console/payments";
  }

  @GetMapping("/{id}")
  String payment(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String position,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    model.addAttribute(
        "payment", api.get(PaymentDetails.class, CallPath.of(LIST + "/{}", id), position));
    model.addAttribute("outcomes", ClearingOutcome.values());
    model.addAttribute("done", done != null);
    return "console/payment";
  }

  @PostMapping("/{id}/retry")
  String retry(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of(LIST + "/{}/retry", id), new Changes.Reason(reason), key, CallPath.of(ONE, id));
  }

  @PostMapping("/{id}/resolve")
  String resolve(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String outcome,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of(LIST + "/{}/resolve", id),
        new Resolution(outcome, reason),
        key,
        CallPath.of(ONE, id));
  }
}
