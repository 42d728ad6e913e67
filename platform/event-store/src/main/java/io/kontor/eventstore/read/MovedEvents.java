package io.kontor.eventstore.read;

import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * Events that came with a tenant that moved here, by their positions. Read models take them;
 * processes pass over them, as they have acted upon them where the tenant was before.
 */
public record MovedEvents(List<Range> ranges) {
  private static final String KEY = "kontor-moved";
  private static final Map<String, String> MARK = Map.of(KEY, "true");

  /** The positions of whole units of work, both ends included. */
  record Range(long first, long last) {}

  /** Marks those of the messages that came with a tenant. */
  public List<? extends TrackedEventMessage<?>> mark(List<? extends TrackedEventMessage<?>> page) {
    return ranges.isEmpty()
        ? page
        : page.stream().map(event -> contains(event) ? marked(event) : event).toList();
  }

  private static TrackedEventMessage<?> marked(TrackedEventMessage<?> event) {
    return (TrackedEventMessage<?>) event.andMetaData(MARK);
  }

  /** Whether a message is marked. */
  public static boolean isMarked(EventMessage<?> event) {
    return event.getMetaData().containsKey(KEY);
  }

  private boolean contains(TrackedEventMessage<?> event) {
    long unitEnd = event.trackingToken().position().orElseThrow();
    return ranges.stream().anyMatch(range -> range.first <= unitEnd && unitEnd <= range.last);
  }
}
