package io.kontor.console.page;

import com.fasterxml.jackson.annotation.JsonInclude;
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

/** API keys of machines: created, shown once, revoked. */
@Controller
@RequestMapping("/console/api-keys")
final class ApiKeyPageController {
  private static final String LIST = "/v1/api-keys";
  private static final String PAGE = "/console/api-keys";
  private static final String FORM = "console/api-key-form";
  private static final String DAYS = "90";

  private final BankApi api;
  private final Changes changes;

  ApiKeyPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  record ApiKey(
      UUID id,
      String name,
      String subject,
      List<String> scopes,
      Instant createdAt,
      String createdBy,
      Instant expiresAt,
      @Nullable Instant lastUsedAt,
      @Nullable Instant revokedAt) {}

  /**
   * @param key in the clear; null when the form was sent before
   */
  record CreatedKey(UUID id, @Nullable String key) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Body(
      @Nullable String name,
      List<String> scopes,
      @Nullable String subject,
      @Nullable Integer validForDays) {}

  /**
   * The form of a new one.
   *
   * @param scopes null in a request in which none is ticked
   * @param subject for whom it acts; empty for itself
   * @param key the idempotency key, new with each form
   */
  record Fields(
      @Nullable String name,
      List<String> scopes,
      @Nullable String subject,
      @Nullable String validForDays,
      @Nullable String key) {
    public Fields {
      key = FormText.key(key);
      scopes = scopes == null ? List.of() : List.copyOf(scopes);
      validForDays = validForDays == null ? DAYS : validForDays;
    }

    Body body() {
      return new Body(
          name,
          scopes,
          FormText.ofOptional(subject),
          FormText.number("validForDays", validForDays));
    }
  }

  @GetMapping
  String list(
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    Page<ApiKey> keys = api.page(ApiKey.class, CallPath.of(LIST).with("cursor", cursor), null);
    model.addAttribute("keys", keys.items());
    model.addAttribute("done", done != null);
    model.addAttribute("next", CallPath.of(PAGE).after(keys));
    return "console/api-keys";
  }

  @GetMapping("/new")
  String form(@ModelAttribute("fields") Fields fields) {
    return FORM;
  }

  /** Shows the key, which no other page does. */
  @PostMapping
  String create(
      @ModelAttribute("fields") Fields fields, HttpServletResponse response, Model model) {
    try {
      model.addAttribute(
          "created",
          changes.answer(CreatedKey.class, CallPath.of(LIST), fields.body(), fields.key()));
      return "console/api-key-created";
    } catch (ApiProblemException problem) {
      return Changes.again(FORM, problem, response, model);
    }
  }

  @PostMapping("/{id}/revoke")
  String revoke(@PathVariable UUID id, @RequestParam(required = false) @Nullable String key) {
    return changes.delete(CallPath.of(LIST + "/{}", id), key, CallPath.of(PAGE));
  }
}
