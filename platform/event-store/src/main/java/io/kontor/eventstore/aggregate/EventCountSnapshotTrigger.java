package io.kontor.eventstore.aggregate;

import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.SnapshotTrigger;

/** Counts an aggregate's events since its last snapshot, replayed and new ones alike. */
final class EventCountSnapshotTrigger implements SnapshotTrigger {
  private int events;

  @Override
  public void eventHandled(EventMessage<?> message) {
    events++;
  }

  @Override
  public void initializationFinished() {
    // replayed events count too
  }

  /** Whether the count has reached the threshold; if so, it restarts at zero. */
  boolean reached(int threshold) {
    if (events < threshold) {
      return false;
    }
    events = 0;
    return true;
  }
}
