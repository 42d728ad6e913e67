package io.kontor.console.page;

import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.console.client.PageCell;
import io.kontor.web.paging.Page;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Jobs and the tasks of processes: what each does, and a person's decision about it. */
@Controller
@RequestMapping({PageCell.SHARED + "/jobs", PageCell.PREFIX + "/jobs"})
final class JobPageController {
  private static final String LIST = "/v1/admin/jobs";

  /** The states of a job in the API, in the order of its life. */
  private static final List<String> STATES =
      List.of("WAITING", "RUNNING", "COMPLETED", "DEAD", "CANCELLED", "DISCARDED");

  private final BankApi api;
  private final Changes changes;

  JobPageController(BankApi api, Changes changes) {
    this.api = api;
    this.changes = changes;
  }

  /**
   * @param runAt when it is or was due
   * @param done of {@code total}, in units that the type has
   * @param decision what a person decided when it was dead, and why
   * @param steerable whether it can be retried, cancelled or discarded
   */
  record Job(
      UUID id,
      @Nullable String tenant,
      String type,
      String priority,
      String state,
      @Nullable String createdBy,
      Instant runAt,
      int attempts,
      @Nullable Integer maxAttempts,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String failure,
      long done,
      long total,
      @Nullable String message,
      @Nullable String decidedBy,
      @Nullable String decision,
      boolean steerable) {
    /** Whether it waits or runs, so that its progress is worth another look. */
    public boolean isUnderWay() {
      return state.equals("WAITING") || state.equals("RUNNING");
    }
  }

  @GetMapping
  String list(
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String type,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    CallPath wanted = CallPath.of(LIST).with("state", state).with("type", type);
    Page<Job> jobs = api.page(Job.class, wanted.with("cursor", cursor), null);
    model.addAttribute("jobs", jobs.items());
    model.addAttribute("state", state);
    model.addAttribute("type", type);
    model.addAttribute("states", STATES);
    model.addAttribute(
        "next",
        CallPath.of(PageCell.home() + "/jobs").with("state", state).with("type", type).after(jobs));
    return "console/jobs";
  }

  @GetMapping("/{id}")
  String job(
      @PathVariable UUID id, @RequestParam(required = false) @Nullable String done, Model model) {
    progress(id, model);
    model.addAttribute("done", done != null);
    return "console/job";
  }

  /** What the open page replaces every two seconds until the job has ended. */
  @GetMapping("/{id}/progress")
  String progress(@PathVariable UUID id, Model model) {
    model.addAttribute("job", api.get(Job.class, CallPath.of(LIST + "/{}", id)));
    return "console/job :: progress";
  }

  @PostMapping("/{id}/retry")
  String retry(@PathVariable UUID id, @RequestParam(required = false) @Nullable String key) {
    return changes.post(CallPath.of(LIST + "/{}/retry", id), null, key, page(id));
  }

  @PostMapping("/{id}/cancel")
  String cancel(@PathVariable UUID id, @RequestParam(required = false) @Nullable String key) {
    return changes.post(CallPath.of(LIST + "/{}/cancel", id), null, key, page(id));
  }

  @PostMapping("/{id}/discard")
  String discard(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(required = false) @Nullable String key) {
    return changes.post(
        CallPath.of(LIST + "/{}/discard", id), new Changes.Reason(reason), key, page(id));
  }

  private static CallPath page(UUID id) {
    return CallPath.of(PageCell.home() + "/jobs/{}", id);
  }
}
