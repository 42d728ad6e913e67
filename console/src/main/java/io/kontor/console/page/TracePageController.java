package io.kontor.console.page;

import io.kontor.api.audit.AuditEvent;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.web.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;

/** The way of a request: its events, the read models that have them, and Kafka. */
@Controller
final class TracePageController {
  private static final String EVENTS = "/v1/admin/events";
  private static final String READ_MODELS = "/v1/admin/projections";
  private static final String PUBLISHING = "/v1/admin/integration";

  /** Positions before the event in which the request's first one is looked for. */
  private static final int BEFORE = 100;

  private static final int READ = 200;

  private final BankApi api;

  TracePageController(BankApi api) {
    this.api = api;
  }

  /**
   * @param causation what the event came from, other than the request itself
   */
  record Step(EventController.StoredEvent event, @Nullable String causation) {
    static Step of(AuditEvent event) {
      return new Step(EventController.StoredEvent.of(event), text(event, "causationId"));
    }
  }

  /** A place that events come to, in the order of their positions. */
  record Reader(String name, long position, boolean isThere) {}

  record Publishing(String state, long position, @Nullable String reason) {}

  @GetMapping("/console/events/{position}/trace")
  String trace(
      @PathVariable long position,
      @ModelAttribute(name = "person", binding = false) SignedIn person,
      Model model) {
    List<AuditEvent> near =
        api.page(
                AuditEvent.class,
                CallPath.of(EVENTS)
                    .with("from", Math.max(1, position - BEFORE))
                    .with("limit", READ),
                null)
            .items();
    AuditEvent event =
        near.stream()
            .filter(one -> one.position() == position)
            .findFirst()
            .orElseThrow(() -> ProblemException.notFound("there is no such event"));
    String correlation = text(event, "correlationId");
    List<AuditEvent> events =
        correlation == null
            ? List.of(event)
            : near.stream().filter(one -> correlation.equals(text(one, "correlationId"))).toList();
    long last = events.getLast().position();
    model.addAttribute("event", EventController.StoredEvent.of(events.getFirst()));
    model.addAttribute("request", correlation);
    model.addAttribute("key", text(events.getFirst(), "idempotencyKey"));
    model.addAttribute("steps", events.stream().map(Step::of).toList());
    model.addAttribute("readModels", readModels(last));
    model.addAttribute("publishing", person.reads(PUBLISHING) ? publishing() : null);
    model.addAttribute("last", last);
    return "console/trace";
  }

  private List<Reader> readModels(long last) {
    return api.list(OverviewController.ReadModel.class, CallPath.of(READ_MODELS)).stream()
        .map(model -> new Reader(model.name(), model.position(), model.position() >= last))
        .toList();
  }

  /** Null where no events are published. */
  private @Nullable Publishing publishing() {
    return api.find(Publishing.class, CallPath.of(PUBLISHING), null).orElse(null);
  }

  private static @Nullable String text(AuditEvent event, String member) {
    return event.metadata().path(member).asString(null);
  }
}
