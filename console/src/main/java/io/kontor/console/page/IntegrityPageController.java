package io.kontor.console.page;

import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.console.page.JobPageController.Job;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Up to where the chain of the tenant's events was verified, and a verification on demand. */
@Controller
@RequestMapping("/console/integrity")
final class IntegrityPageController {
  private static final String JOBS = "/v1/admin/jobs";
  private static final String VERIFICATION = "/v1/admin/chain-verifications";
  private static final String TYPE = "chain-verification";
  private static final int SHOWN = 20;

  private final BankApi api;
  private final Changes changes;

  IntegrityPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /** A verification that has ended. */
  record Ended(UUID id, @Nullable String createdBy, Instant endedAt, Result result) {}

  /**
   * @param position of the last event that was verified
   * @param head its hash; null without an event
   */
  record Result(long position, long events, @Nullable String head, List<Finding> findings) {}

  record Finding(long position, String what) {}

  @GetMapping
  String show(Model model) {
    List<Job> jobs =
        api.page(Job.class, CallPath.of(JOBS).with("type", TYPE).with("limit", SHOWN), null)
            .items();
    model.addAttribute("jobs", jobs);
    model.addAttribute(
        "last",
        jobs.stream()
            .filter(job -> job.state().equals("COMPLETED"))
            .findFirst()
            .map(job -> api.get(Ended.class, CallPath.of(JOBS + "/{}", job.id())))
            .orElse(null));
    return "console/integrity";
  }

  @PostMapping
  String verify(@RequestParam(required = false) @Nullable String key) {
    return changes.byJob(HttpMethod.POST, CallPath.of(VERIFICATION), null, key);
  }
}
