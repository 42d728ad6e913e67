package io.kontor.console.page;

import io.kontor.api.ledger.TrialBalance;
import io.kontor.api.process.ProcessDetails;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;

/** How the bank is: what the person may read of it, and needs to act on. */
@Controller
final class OverviewController {
  private static final String READ_MODELS = "/v1/admin/projections";
  private static final String JOBS = "/v1/admin/jobs/stats";
  private static final String PROCESSES = "/v1/admin/sagas";
  private static final String TRIAL_BALANCE = "/v1/ledger/trial-balance";

  private static final String METRICS = "/actuator/metrics/hikaricp.connections";

  private final BankApi api;

  OverviewController(BankApi api) {
    this.api = api;
  }

  /**
   * @param parked its dead letters
   */
  record ReadModel(
      String name,
      int generation,
      String state,
      long position,
      long lag,
      long parked,
      @Nullable Progress rebuild) {}

  record Progress(long processed, long total) {}

  record Queues(List<Queue> queues) {}

  /**
   * @param oldestWaitSeconds how long the oldest job that is due waits
   */
  record Queue(
      String type,
      String priority,
      long pending,
      long processing,
      long failed,
      long completed,
      long dead,
      long oldestWaitSeconds,
      boolean paused) {}

  /** A metric of the node that answers, with the values of its tags. */
  record Metric(List<Measurement> measurements, List<Tag> availableTags) {
    long value() {
      return measurements.isEmpty() ? 0 : Math.round(measurements.getFirst().value());
    }
  }

  record Measurement(double value) {}

  record Tag(String tag, List<String> values) {}

  /** A pool of database connections of the node that answers. */
  record Pool(String name, long active, long pending, long most) {}

  @GetMapping("/console")
  String overview(@ModelAttribute(name = "person", binding = false) SignedIn person, Model model) {
    figures(person, model);
    return "console/overview";
  }

  /** What the open page replaces every few seconds. */
  @GetMapping("/console/overview/figures")
  String figures(@ModelAttribute(name = "person", binding = false) SignedIn person, Model model) {
    model.addAttribute(
        "readModels",
        Part.of(
            person.reads(READ_MODELS), () -> api.list(ReadModel.class, CallPath.of(READ_MODELS))));
    model.addAttribute(
        "queues",
        Part.of(person.reads(JOBS), () -> api.get(Queues.class, CallPath.of(JOBS)).queues()));
    model.addAttribute(
        "stuck",
        Part.of(
            person.reads(PROCESSES),
            () ->
                api.page(
                    ProcessDetails.class,
                    CallPath.of(PROCESSES).with("state", "NEEDS_ATTENTION").with("limit", 10),
                    null)));
    model.addAttribute(
        "trialBalance",
        Part.of(
            person.reads(TRIAL_BALANCE),
            () -> api.list(TrialBalance.class, CallPath.of(TRIAL_BALANCE))));
    model.addAttribute("pools", Part.of(person.reads(METRICS), this::pools));
    return "console/overview :: figures";
  }

  private List<Pool> pools() {
    return metric("active", null).availableTags().stream()
        .filter(tag -> tag.tag().equals("pool"))
        .flatMap(tag -> tag.values().stream())
        .sorted()
        .map(
            pool ->
                new Pool(
                    pool,
                    metric("active", pool).value(),
                    metric("pending", pool).value(),
                    metric("max", pool).value()))
        .toList();
  }

  private Metric metric(String name, @Nullable String pool) {
    CallPath path = CallPath.of(METRICS + "." + name);
    return api.get(Metric.class, pool == null ? path : path.with("tag", "pool:" + pool));
  }
}
