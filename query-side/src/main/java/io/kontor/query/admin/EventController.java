package io.kontor.query.admin;

import io.kontor.api.audit.FindEvents;
import io.kontor.api.audit.StoredEvent;
import io.kontor.query.Parameters;
import io.kontor.query.Questions;
import io.kontor.web.Cursor;
import io.kontor.web.Digits;
import io.kontor.web.Headers;
import io.kontor.web.Limit;
import io.kontor.web.Page;
import io.kontor.web.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The tenant's events, for auditors. */
@RestController
class EventController {
  private final Questions questions;

  EventController(Questions questions) {
    this.questions = questions;
  }

  @GetMapping("/v1/admin/events")
  Page<StoredEvent> events(
      @RequestParam(required = false) @Nullable UUID stream,
      @RequestParam(required = false) @Nullable String type,
      @RequestParam(required = false) @Nullable Long from,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestHeader(name = Headers.MIN_POSITION, required = false) @Nullable String minPosition) {
    int shown = Limit.of(limit);
    if (from != null && from < 1) {
      throw Problem.invalid("from", "must be a position, 1 or more");
    }
    Long next = Cursor.decode(cursor, Digits::parse);
    long first = Math.max(from == null ? 1 : from, next == null ? 1 : next);
    questions.awaitStored(minPosition);
    return Parameters.page(
        questions.list(
            new FindEvents(stream, Parameters.text("type", type), first, shown + 1),
            StoredEvent.class),
        shown,
        event -> Long.toString(event.position() + 1));
  }
}
