package io.kontor.console.page;

import io.kontor.console.client.ApiProblemException;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.web.paging.Page;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Tenants for operators: registered, moved and closed, each with its place and its limits. */
@Controller
@RequestMapping("/console/tenants")
final class TenantPageController {
  private static final String LIST = "/v1/tenants";
  private static final String ONE = LIST + "/{}";
  private static final String PAGES = "/console/tenants";
  private static final String FORM = "console/tenant-form";

  private final BankApi api;
  private final Changes changes;

  TenantPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /**
   * @param database the address of its own database; null in the shared one
   * @param kept the places of its own that it has moved out of; null for none
   * @param closedAt null while it is served
   */
  record Tenant(
      String id,
      String name,
      String isolation,
      @Nullable String database,
      @Nullable List<TenantIsolation> kept,
      Instant registeredAt,
      @Nullable Instant closedAt) {
    /** Where it can move. */
    List<TenantIsolation> targets() {
      return Stream.of(TenantIsolation.values())
          .filter(place -> !place.name().equals(isolation))
          .filter(place -> kept == null || !kept.contains(place))
          .toList();
    }
  }

  record Body(@Nullable String id, @Nullable String name, @Nullable String isolation) {}

  /** The form of a new one; the key is new with each form. */
  record Fields(
      @Nullable String id,
      @Nullable String name,
      @Nullable String isolation,
      @Nullable String key) {
    public Fields {
      key = FormText.key(key);
    }

    Body body() {
      return new Body(FormText.ofOptional(id), name, isolation);
    }
  }

  record Place(@Nullable String to) {}

  @GetMapping
  String list(@RequestParam(required = false) @Nullable String cursor, Model model) {
    Page<Tenant> tenants = api.page(Tenant.class, CallPath.of(LIST).with("cursor", cursor), null);
    model.addAttribute("tenants", tenants.items());
    model.addAttribute("next", CallPath.of(PAGES).after(tenants));
    return "console/tenants";
  }

  @GetMapping("/new")
  String form(@ModelAttribute("fields") Fields fields, Model model) {
    model.addAttribute("isolations", TenantIsolation.values());
    return FORM;
  }

  @PostMapping
  String register(
      @ModelAttribute("fields") Fields fields, HttpServletResponse response, Model model) {
    try {
      return changes.create(CallPath.of(LIST), fields.body(), fields.key(), PAGES);
    } catch (ApiProblemException problem) {
      model.addAttribute("isolations", TenantIsolation.values());
      return Changes.again(FORM, problem, response, model);
    }
  }

  @GetMapping("/{id}")
  String tenant(
      @PathVariable String id, @RequestParam(required = false) @Nullable String done, Model model) {
    Tenant shown = api.get(Tenant.class, CallPath.of(ONE, id));
    model.addAttribute("shown", shown);
    model.addAttribute("targets", shown.targets());
    model.addAttribute("limits", TenantLimits.of(api, id));
    model.addAttribute("done", done != null);
    return "console/tenant";
  }

  @PostMapping("/{id}/move")
  String move(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(required = false) @Nullable String key) {
    return changes.byJob(HttpMethod.POST, CallPath.of(ONE + "/move", id), new Place(to), key);
  }

  /** Leads to the job that removes what the tenant has moved out of. */
  @PostMapping("/{id}/confirm")
  String confirm(@PathVariable String id, @RequestParam(required = false) @Nullable String key) {
    return changes.byJob(HttpMethod.POST, CallPath.of(ONE + "/move/confirm", id), null, key);
  }

  /**
   * Leads to the job that removes the tenant's database.
   *
   * @param confirm the tenant's id as the person wrote it
   */
  @PostMapping("/{id}/close")
  String close(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String confirm,
      @RequestParam(required = false) @Nullable String key) {
    return changes.byJob(
        HttpMethod.DELETE, CallPath.of(ONE, id).with("confirm", confirm), null, key);
  }
}
