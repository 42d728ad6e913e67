package io.kontor.eventstore.aggregate;

import io.kontor.eventstore.append.LoadedAggregates;
import io.kontor.eventstore.append.QueuedAppend;
import io.kontor.eventstore.append.QueuedAppend.StreamVersion;
import io.kontor.eventstore.append.StreamLocks;
import io.kontor.tenancy.StreamId;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Axon's repository with a cache. Evicts an aggregate when a unit of work that may have changed it
 * rolls back, but keeps it when a command was only rejected.
 */
final class CachingAggregateRepository<T> extends EventSourcingRepository<T> {
  private final AggregateCache cache;
  private final StreamLocks locks;
  private final SnapshotWriter snapshots;

  CachingAggregateRepository(
      Builder<T> settings, AggregateCache cache, StreamLocks locks, SnapshotWriter snapshots) {
    super(settings);
    this.cache = cache;
    this.locks = locks;
    this.snapshots = snapshots;
  }

  @Override
  protected EventSourcedAggregate<T> doLoadWithLock(
      String aggregateIdentifier, @Nullable Long expectedVersion) {
    UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get();
    unitOfWork.onRollback(rolledBack -> evict(aggregateIdentifier));
    unitOfWork.onPrepareCommit(preparing -> evictUnlessCommitted(preparing, aggregateIdentifier));
    EventSourcedAggregate<T> aggregate = cached(aggregateIdentifier);
    if (aggregate == null) {
      aggregate = super.doLoadWithLock(aggregateIdentifier, expectedVersion);
    }
    LoadedAggregates.in(unitOfWork)
        .versions()
        .add(new StreamVersion(StreamId.parse(aggregateIdentifier), aggregate.version()));
    return aggregate;
  }

  @Override
  protected void doSaveWithLock(EventSourcedAggregate<T> aggregate) {
    UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get();
    String stream = aggregate.identifierAsString();
    unitOfWork.onRollback(rolledBack -> evict(stream));
    evictUnlessCommitted(unitOfWork, stream);
    cache.put(stream, aggregate);
    LoadedAggregates.in(unitOfWork).aggregates().put(stream, aggregate);
    snapshots.consider(aggregate, unitOfWork);
  }

  /**
   * An {@link Error} during commit causes no rollback. Clean-up handlers run in reverse order: one
   * registered during commit runs before the stream's lock is released.
   */
  private void evictUnlessCommitted(UnitOfWork<?> unitOfWork, String stream) {
    var committed = new AtomicBoolean();
    unitOfWork.afterCommit(done -> committed.set(true));
    unitOfWork.onCleanup(
        done -> {
          if (!committed.get()) {
            evict(stream);
          }
        });
  }

  /** Evicts the aggregate, whose state the failed unit of work may have changed in place. */
  private void evict(String stream) {
    cache.evict(stream);
    locks.unpin(stream);
  }

  @SuppressWarnings("unchecked") // only the repository of its type loads a stream
  private @Nullable EventSourcedAggregate<T> cached(String stream) {
    EventSourcedAggregate<?> aggregate = cache.get(stream);
    if (aggregate == null) {
      QueuedAppend last = locks.lastQueued(stream);
      aggregate = last == null ? null : last.pinned().get(stream);
    }
    return (EventSourcedAggregate<T>) aggregate;
  }
}
