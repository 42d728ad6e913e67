package io.kontor.app.cli.event;

import io.kontor.eventstore.event.StoredEvent;

/** Formats an event as one line, with the payload as stored. */
final class EventFormatter {
  private EventFormatter() {}

  /** For a list of many streams' events. */
  static String ofStore(StoredEvent event) {
    return "%9d  %s  %s #%d  %s"
        .formatted(
            event.position(), event.recordedAt(), event.stream(), event.sequence(), what(event));
  }

  /** For a list of one stream's events. */
  static String ofStream(StoredEvent event) {
    return "%5d  %s  %s".formatted(event.sequence(), event.recordedAt(), what(event));
  }

  private static String what(StoredEvent event) {
    String type = event.type() + (event.revision() == null ? "" : " r" + event.revision());
    return "%-18s %s".formatted(type, event.payload());
  }
}
