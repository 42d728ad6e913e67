package io.kontor.console.page;

import io.kontor.api.ledger.TrialBalance;
import io.kontor.api.process.ProcessDetails;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.console.figures.FigureHistory;
import io.kontor.console.figures.FigureHistory.Sample;
import io.kontor.console.figures.NodeFigures;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** How the bank is: what the person may read of it, and needs to act on. */
@Controller
final class OverviewController {
  private static final String READ_MODELS = "/v1/admin/projections";
  private static final String JOBS = "/v1/admin/jobs/stats";
  private static final String PROCESSES = "/v1/admin/sagas";
  private static final String NODES = "/v1/admin/nodes";
  private static final String TRIAL_BALANCE = "/v1/ledger/trial-balance";

  /** Who reads the node's meters, sees its figures. */
  private static final String METRICS = "/actuator/metrics";

  private final BankApi api;
  private final SharedReads shared;
  private final FigureHistory history;
  private final MeterRegistry meters;

  OverviewController(
      BankApi api,
      SharedReads shared,
      FigureHistory history,
      MeterRegistry meters) {
    this.api = api;
    this.shared = shared;
    this.history = history;
    this.meters = meters;
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

  /**
   * @param address null, like the version, where the only node knows no others
   */
  record Node(@Nullable String address, List<String> roles, @Nullable String version) {}

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
        part(person, READ_MODELS, () -> api.list(ReadModel.class, CallPath.of(READ_MODELS))));
    model.addAttribute(
        "queues", part(person, JOBS, () -> api.get(Queues.class, CallPath.of(JOBS)).queues()));
    model.addAttribute(
        "stuck",
        part(
            person,
            PROCESSES,
            () ->
                api.page(
                    ProcessDetails.class,
                    CallPath.of(PROCESSES).with("state", "NEEDS_ATTENTION").with("limit", 10),
                    null)));
    model.addAttribute(
        "trialBalance",
        part(
            person, TRIAL_BALANCE, () -> api.list(TrialBalance.class, CallPath.of(TRIAL_BALANCE))));
    model.addAttribute(
        "nodes", part(person, NODES, () -> api.list(Node.class, CallPath.of(NODES))));
    model.addAttribute("node", part(person, METRICS, () -> NodeFigures.of(meters, history)));
    return "console/overview :: figures";
  }

  /** What this node did in the last hour, after a second since 1970 that the page has got to. */
  @GetMapping("/console/overview/history")
  ResponseEntity<List<Sample>> history(
      @ModelAttribute(name = "person", binding = false) SignedIn person,
      @RequestParam(defaultValue = "0") Long since) {
    return person.reads(METRICS)
        ? ResponseEntity.ok(history.since(since))
        : ResponseEntity.status(HttpStatus.FORBIDDEN).build();
  }

  private <T> @Nullable Part<T> part(SignedIn person, String path, Supplier<T> read) {
    return Part.of(person.reads(path), () -> shared.get(person, path, read));
  }
}
