package io.kontor.eventstore.append;

import io.kontor.eventstore.event.StoreBusyException;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** An event store that confirms when a decision is durable. */
public abstract class DurableEventStore extends AbstractEventStore {
  public DurableEventStore(EventStorageEngine engine) {
    super(new Settings().storageEngine(engine));
  }

  /** Whether the current unit of work has applied events that are not appended yet. */
  public boolean hasStagedEvents() {
    return !queuedMessages().isEmpty();
  }

  /**
   * For a unit of work without events: stores its idempotency record, or confirms that the state
   * that it read is durable and current.
   *
   * @throws org.axonframework.modelling.command.ConcurrencyException when it is not, and the
   *     command has to be retried
   */
  public abstract void settle(UnitOfWork<?> unitOfWork);

  /** Axon would read all events instead: right for a broken snapshot, not for a lost database. */
  @Override
  protected Optional<DomainEventMessage<?>> handleSnapshotReadingError(
      String stream, Throwable failure) {
    return switch (failure) {
      case DataAccessException away -> throw away;
      case TransactionException away -> throw away;
      case StoreBusyException away -> throw away;
      default -> super.handleSnapshotReadingError(stream, failure);
    };
  }

  private static final class Settings extends AbstractEventStore.Builder {
    @Override
    public Settings storageEngine(EventStorageEngine engine) {
      super.storageEngine(engine);
      return this;
    }
  }
}
