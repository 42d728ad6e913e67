package io.kontor.console.page;

import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** An account's statements: asked for, and downloaded once they are written. */
@Controller
@RequestMapping("/console/accounts/{id}/statements")
final class StatementPageController {
  private static final String LIST = "/v1/accounts/{}/statements";

  private final BankApi api;
  private final Changes changes;

  StatementPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /**
   * @param to the day after the last one
   */
  record AccountStatement(
      UUID id, LocalDate from, LocalDate to, String format, String state, Instant requestedAt) {
    public LocalDate lastDay() {
      return to.minusDays(1);
    }

    public boolean isReady() {
      return state.equals("READY");
    }
  }

  record Period(LocalDate from, LocalDate to, @Nullable String format) {}

  @GetMapping
  String list(@PathVariable UUID id, Model model) {
    model.addAttribute("account", api.account(id));
    model.addAttribute(
        "statements", api.page(AccountStatement.class, CallPath.of(LIST, id), null).items());
    return "console/statements";
  }

  /**
   * @param from the first day
   * @param to the last day
   */
  @PostMapping
  String request(
      @PathVariable UUID id,
      @RequestParam String from,
      @RequestParam String to,
      @RequestParam(required = false) @Nullable String format,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of(LIST, id),
        new Period(Days.of("from", from), Days.of("to", to).plusDays(1), format),
        key,
        CallPath.of("/console/accounts/{}/statements", id));
  }

  @GetMapping("/{statement}")
  void document(@PathVariable UUID id, @PathVariable UUID statement, HttpServletResponse response)
      throws IOException {
    api.download(CallPath.of(LIST + "/{}/document", id, statement), response);
  }
}
