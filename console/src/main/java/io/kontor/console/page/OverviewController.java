package io.kontor.console.page;

import io.kontor.api.ledger.TrialBalance;
import io.kontor.api.process.ProcessDetails;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.console.figures.FigureHistory;
import io.kontor.console.figures.FigureHistory.Sample;
import io.kontor.console.figures.NodeFigures;
import io.kontor.web.paging.Page;
import io.kontor.web.security.TokenClaims;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private final FigureTemplate template;
  private final OverviewStreams streams;
  private final FigureHistory history;
  private final MeterRegistry meters;

  OverviewController(
      BankApi api,
      SharedReads shared,
      FigureTemplate template,
      OverviewStreams streams,
      FigureHistory history,
      MeterRegistry meters) {
    this.api = api;
    this.shared = shared;
    this.template = template;
    this.streams = streams;
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

  /** What an open page asks for where no stream reaches it. */
  @GetMapping("/console/overview/figures")
  String figures(@ModelAttribute(name = "person", binding = false) SignedIn person, Model model) {
    model.addAllAttributes(snapshot(person).parts());
    return "console/overview :: figures";
  }

  /** The same, as an event whenever it has changed. */
  @GetMapping("/console/overview/live")
  void live(
      @ModelAttribute(name = "person", binding = false) SignedIn person,
      @ModelAttribute(name = "show", binding = false) Display show,
      Locale locale,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    streams.send(
        response,
        () ->
            snapshot(person)
                .html(
                    locale, parts -> template.html(request, response, locale, person, show, parts)),
        TokenClaims.expiryOfCurrent());
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

  private FigureSnapshot snapshot(SignedIn person) {
    return shared.get(person, "overview", () -> new FigureSnapshot(read(person)));
  }

  private Map<String, @Nullable Part<?>> read(SignedIn person) {
    Map<String, @Nullable Part<?>> parts = new HashMap<>();
    parts.put(
        "readModels",
        Part.of(
            person.reads(READ_MODELS), () -> api.list(ReadModel.class, CallPath.of(READ_MODELS))));
    parts.put(
        "queues",
        Part.of(person.reads(JOBS), () -> api.get(Queues.class, CallPath.of(JOBS)).queues()));
    parts.put("stuck", Part.of(person.reads(PROCESSES), this::stuck));
    parts.put(
        "trialBalance",
        Part.of(
            person.reads(TRIAL_BALANCE),
            () -> api.list(TrialBalance.class, CallPath.of(TRIAL_BALANCE))));
    parts.put(
        "nodes", Part.of(person.reads(NODES), () -> api.list(Node.class, CallPath.of(NODES))));
    parts.put("node", Part.of(person.reads(METRICS), () -> NodeFigures.of(meters, history)));
    return parts;
  }

  private Page<ProcessDetails> stuck() {
    return api.page(
        ProcessDetails.class,
        CallPath.of(PROCESSES).with("state", "NEEDS_ATTENTION").with("limit", 10),
        null);
  }
}
