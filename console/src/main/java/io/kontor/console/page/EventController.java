package io.kontor.console.page;

import io.kontor.api.audit.AuditEvent;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import io.kontor.web.paging.Page;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The events as they are stored, with who caused each. */
@Controller
final class EventController {
  private static final int SHOWN = 25;

  private final BankApi api;

  EventController(BankApi api) {
    this.api = api;
  }

  /** An event, readable. */
  record StoredEvent(
      long position,
      Instant recordedAt,
      String type,
      UUID stream,
      String streamType,
      long sequence,
      String actor,
      String payload,
      String metadata) {
    public boolean isOfAnAccount() {
      return streamType.equals("Account");
    }

    static StoredEvent of(AuditEvent event) {
      return new StoredEvent(
          event.position(),
          event.recordedAt(),
          event.type(),
          event.stream(),
          event.streamType(),
          event.sequence(),
          event.metadata().path("actor").asString(""),
          event.payload().toPrettyString(),
          event.metadata().toPrettyString());
    }
  }

  @GetMapping("/console/events")
  String list(
      @RequestParam(required = false) @Nullable String stream,
      @RequestParam(required = false) @Nullable String type,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    CallPath wanted =
        CallPath.of("/v1/admin/events")
            .with("stream", stream)
            .with("type", type)
            .with("from", from)
            .with("limit", SHOWN);
    Page<AuditEvent> events = api.page(AuditEvent.class, wanted.with("cursor", cursor), null);
    model.addAttribute("events", events.items().stream().map(StoredEvent::of).toList());
    model.addAttribute("stream", stream);
    model.addAttribute("type", type);
    model.addAttribute("from", from);
    model.addAttribute(
        "next",
        CallPath.of("/console/events")
            .with("stream", stream)
            .with("type", type)
            .with("from", from)
            .after(events));
    return "console/events";
  }
}
