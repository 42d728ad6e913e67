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
    // the events replayed count too
  }

  /** Whether as many have been counted; if so, counting starts again. */
  boolean reached(int threshold) {
    if (events < threshold) {
      return false;
    }
    events = 0;
    return true;
  }
}
