package io.kontor.console.page;

import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** How many requests a tenant may make: its admin sees it, an operator sets it. */
@Controller
final class LimitPageController {
  private final BankApi api;
  private final Changes changes;

  LimitPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  record Body(@Nullable Integer tenantPerMinute, @Nullable Integer userPerMinute) {}

  /** Those of the person's own tenant. */
  @GetMapping("/console/limits")
  String own(@ModelAttribute(name = "person", binding = false) SignedIn person, Model model) {
    model.addAttribute("limits", TenantLimits.of(api, String.valueOf(person.tenant())));
    return "console/limits";
  }

  @PostMapping("/console/tenants/{id}/limits")
  String set(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String tenantPerMinute,
      @RequestParam(required = false) @Nullable String userPerMinute,
      @RequestParam(required = false) @Nullable String key) {
    return changes.put(
        CallPath.of(TenantLimits.CALL, id),
        new Body(
            FormText.number("tenantPerMinute", tenantPerMinute),
            FormText.number("userPerMinute", userPerMinute)),
        key,
        page(id));
  }

  @PostMapping("/console/tenants/{id}/limits/reset")
  String reset(@PathVariable String id, @RequestParam(required = false) @Nullable String key) {
    return changes.delete(CallPath.of(TenantLimits.CALL, id), key, page(id));
  }

  private static CallPath page(String tenant) {
    return CallPath.of("/console/tenants/{}", tenant);
  }
}
