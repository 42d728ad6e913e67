package io.kontor.console.page;

import io.kontor.console.client.ApiProblemException;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.web.paging.Page;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Webhooks: which systems are called, and what was and is to be sent to each. */
@Controller
@RequestMapping("/console/webhooks")
final class WebhookPageController {
  private static final String LIST = "/v1/webhooks";
  private static final String ONE = LIST + "/{}";
  private static final String PAGES = "/console/webhooks";
  private static final String PAGE = PAGES + "/{}";
  private static final String FORM = "console/webhook-form";

  private final BankApi api;
  private final Changes changes;

  WebhookPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /**
   * @param problem why the bank has switched it off
   */
  record Webhook(
      UUID id,
      String url,
      List<String> kinds,
      String description,
      boolean enabled,
      @Nullable String problem,
      Instant createdAt) {
    Body as(boolean enabled) {
      return new Body(url, kinds, description, enabled);
    }
  }

  record Delivery(
      UUID id,
      String kind,
      Instant at,
      String state,
      int attempts,
      @Nullable Instant attemptedAt,
      @Nullable Integer status,
      @Nullable String answer) {}

  record Secret(UUID id, String secret) {}

  record Body(
      @Nullable String url, List<String> kinds, @Nullable String description, boolean enabled) {}

  /**
   * The form of a new one.
   *
   * @param kinds null in a request in which none is ticked
   * @param key the idempotency key, new with each form
   */
  record Fields(
      @Nullable String url,
      @Nullable String description,
      List<String> kinds,
      @Nullable String key) {
    public Fields {
      key = FormText.key(key);
      kinds = kinds == null ? List.of() : List.copyOf(kinds);
    }

    Body body() {
      return new Body(url, kinds, description, true);
    }
  }

  @GetMapping
  String list(
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    Page<Webhook> webhooks =
        api.page(Webhook.class, CallPath.of(LIST).with("cursor", cursor), null);
    model.addAttribute("webhooks", webhooks.items());
    model.addAttribute("done", done != null);
    model.addAttribute("next", CallPath.of(PAGES).after(webhooks));
    return "console/webhooks";
  }

  @GetMapping("/new")
  String form(@ModelAttribute("fields") Fields fields, Model model) {
    model.addAttribute("kinds", NotificationKinds.ALL);
    return FORM;
  }

  /** Shows the secret, which no other page does. */
  @PostMapping
  String create(
      @ModelAttribute("fields") Fields fields, HttpServletResponse response, Model model) {
    try {
      model.addAttribute(
          "secret", changes.answer(Secret.class, CallPath.of(LIST), fields.body(), fields.key()));
      return "console/webhook-secret";
    } catch (ApiProblemException problem) {
      model.addAttribute("kinds", NotificationKinds.ALL);
      return Changes.again(FORM, problem, response, model);
    }
  }

  @GetMapping("/{id}")
  String webhook(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    Page<Delivery> deliveries =
        api.page(Delivery.class, CallPath.of(ONE + "/deliveries", id).with("cursor", cursor), null);
    model.addAttribute("webhook", find(id));
    model.addAttribute("deliveries", deliveries.items());
    model.addAttribute("done", done != null);
    model.addAttribute("next", CallPath.of(PAGE, id).after(deliveries));
    return "console/webhook";
  }

  @PostMapping("/{id}/rotate-secret")
  String rotateSecret(
      @PathVariable UUID id, @RequestParam(required = false) @Nullable String key, Model model) {
    model.addAttribute(
        "secret", changes.answer(Secret.class, CallPath.of(ONE + "/rotate-secret", id), null, key));
    return "console/webhook-secret";
  }

  @PostMapping("/{id}/test")
  String test(@PathVariable UUID id, @RequestParam(required = false) @Nullable String key) {
    return changes.post(CallPath.of(ONE + "/test", id), null, key, CallPath.of(PAGE, id));
  }

  @PostMapping("/{id}/switch-on")
  String switchOn(@PathVariable UUID id, @RequestParam(required = false) @Nullable String key) {
    return changes.put(CallPath.of(ONE, id), find(id).as(true), key, CallPath.of(PAGE, id));
  }

  @PostMapping("/{id}/switch-off")
  String switchOff(@PathVariable UUID id, @RequestParam(required = false) @Nullable String key) {
    return changes.put(CallPath.of(ONE, id), find(id).as(false), key, CallPath.of(PAGE, id));
  }

  @PostMapping("/{id}/delete")
  String delete(@PathVariable UUID id, @RequestParam(required = false) @Nullable String key) {
    return changes.delete(CallPath.of(ONE, id), key, CallPath.of(PAGES));
  }

  @PostMapping("/{id}/deliveries/{delivery}/redeliver")
  String redeliver(
      @PathVariable UUID id,
      @PathVariable UUID delivery,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of(ONE + "/deliveries/{}/redeliver", id, delivery),
        null,
        key,
        CallPath.of(PAGE, id));
  }

  private Webhook find(UUID id) {
    return api.get(Webhook.class, CallPath.of(ONE, id));
  }
}
