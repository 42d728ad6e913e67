package io.kontor.console.page;

import io.kontor.api.account.AccountStatus;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Reports as files for spreadsheets. */
@Controller
@RequestMapping("/console/reports")
final class ReportPageController {
  private final BankApi api;

  ReportPageController(BankApi api) {
    this.api = api;
  }

  @GetMapping
  String page(Model model) {
    model.addAttribute("statuses", AccountStatus.values());
    return "console/reports";
  }

  /**
   * @param day the last day that counts; empty for all that is booked
   */
  @GetMapping("/trial-balance")
  void trialBalance(
      @RequestParam(required = false) @Nullable String day,
      @RequestParam(required = false) @Nullable String format,
      HttpServletResponse response)
      throws IOException {
    CallPath report = CallPath.of("/v1/reports/trial-balance");
    api.download(report.with("at", Days.startOf("day", day, 1)).with("format", format), response);
  }

  @GetMapping("/accounts")
  void accounts(
      @RequestParam(required = false) @Nullable String status,
      @RequestParam(required = false) @Nullable String customer,
      @RequestParam(required = false) @Nullable String format,
      HttpServletResponse response)
      throws IOException {
    CallPath report = CallPath.of("/v1/reports/accounts");
    api.download(
        report.with("status", status).with("customer", customer).with("format", format), response);
  }
}
