package io.kontor.console.page;

import io.kontor.api.endofday.BankDayDetails;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Bank days: the open one, what the end of each did, and the end to be run again. */
@Controller
@RequestMapping("/console/end-of-day")
final class EndOfDayPageController {
  private static final String CALL = "/v1/admin/bank-day";
  private static final CallPath PAGE = CallPath.of("/console/end-of-day");

  private final BankApi api;
  private final Changes changes;

  EndOfDayPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  record FirstDay(String day, String zone) {}

  /**
   * @param position the position of the change that led here
   */
  @GetMapping
  String show(
      @RequestParam(required = false) @Nullable String position,
      @RequestParam(required = false) @Nullable String done,
      Model model) {
    // none for a tenant without bank days
    model.addAttribute(
        "bankDay", api.find(BankDayDetails.class, CallPath.of(CALL), position).orElse(null));
    model.addAttribute("done", done != null);
    return "console/end-of-day";
  }

  @PostMapping
  String open(
      @RequestParam(defaultValue = "") String day,
      @RequestParam(defaultValue = "") String zone,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(CallPath.of(CALL), new FirstDay(day, zone.strip()), key, PAGE);
  }

  @PostMapping("/run")
  String run(@RequestParam(required = false) @Nullable String key) {
    return changes.post(CallPath.of(CALL + "/end"), null, key, PAGE);
  }
}
