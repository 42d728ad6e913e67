package io.kontor.eventstore.append;

import io.kontor.eventstore.append.QueuedAppend.StreamVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/** The aggregates that a unit of work has loaded, with their versions at that time. */
public record LoadedAggregates(
    List<StreamVersion> versions, Map<String, EventSourcedAggregate<?>> aggregates) {
  private static final String KEY = LoadedAggregates.class.getName();

  public static LoadedAggregates in(UnitOfWork<?> unitOfWork) {
    return unitOfWork
        .root()
        .getOrComputeResource(
            KEY, key -> new LoadedAggregates(new ArrayList<>(), new ConcurrentHashMap<>(4)));
  }
}
