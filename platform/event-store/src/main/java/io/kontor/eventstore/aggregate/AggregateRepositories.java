package io.kontor.eventstore.aggregate;

import io.kontor.eventstore.append.StreamLocks;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;

/** Creates the repository of each aggregate type. */
public final class AggregateRepositories {
  private final EventStore eventStore;
  private final AggregateCache cache;
  private final StreamLocks locks;
  private final SnapshotWriter snapshots;

  public AggregateRepositories(
      EventStore eventStore, AggregateCache cache, StreamLocks locks, SnapshotWriter snapshots) {
    this.eventStore = eventStore;
    this.cache = cache;
    this.locks = locks;
    this.snapshots = snapshots;
  }

  /** Creates the repository of an aggregate type; call once per type. */
  public <T> Repository<T> repositoryOf(
      Class<T> aggregate, ParameterResolverFactory parameters, HandlerDefinition handlers) {
    return new CachingAggregateRepository<>(
        EventSourcingRepository.builder(aggregate)
            .eventStore(eventStore)
            .lockFactory(locks)
            .parameterResolverFactory(parameters)
            .handlerDefinition(handlers)
            .snapshotTriggerDefinition(type -> new EventCountSnapshotTrigger()),
        cache,
        locks,
        snapshots);
  }
}
