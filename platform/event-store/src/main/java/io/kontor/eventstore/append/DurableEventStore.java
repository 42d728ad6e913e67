package io.kontor.eventstore.append;

import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/** An event store that knows when what was decided is durable. */
public abstract class DurableEventStore extends AbstractEventStore {
  public DurableEventStore(EventStorageEngine engine) {
    super(new Settings().storageEngine(engine));
  }

  /** Whether the current unit of work has applied events that are not appended yet. */
  public boolean hasStagedEvents() {
    return !queuedMessages().isEmpty();
  }

  /**
   * Makes an answer durable that no event carries, or sees to it that what a decision without any
   * change rests on is durable and current.
   *
   * @throws org.axonframework.modelling.command.ConcurrencyException when it is not, and has to be
   *     decided anew
   */
  public abstract void settle(UnitOfWork<?> unitOfWork);

  private static final class Settings extends AbstractEventStore.Builder {
    @Override
    public Settings storageEngine(EventStorageEngine engine) {
      super.storageEngine(engine);
      return this;
    }
  }
}
