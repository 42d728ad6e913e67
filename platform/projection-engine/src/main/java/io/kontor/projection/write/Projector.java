package io.kontor.projection.write;

import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChanges;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.serialization.UnknownSerializedType;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Projects events into one read model, in the caller's transaction. A batch is written as a whole;
 * if that fails it is split in halves until the failing events are isolated, which become dead
 * letters.
 */
public final class Projector<E> {
  private final Projection<E> projection;
  private final DSLContext sql;
  private final ProjectionDeadLetters deadLetters;
  private final List<Duration> backoff;
  private final Consumer<RowChanges> beforeWriting;

  /**
   * @param beforeWriting receives a tenant's changes before they are written, in the same
   *     transaction
   */
  public Projector(
      Projection<E> projection,
      DSLContext sql,
      ProjectionDeadLetters deadLetters,
      List<Duration> backoff,
      Consumer<RowChanges> beforeWriting) {
    this.projection = projection;
    this.sql = sql;
    this.deadLetters = deadLetters;
    this.backoff = backoff;
    this.beforeWriting = beforeWriting;
  }

  /**
   * Events and their folded changes.
   *
   * @param changes null if an event failed
   */
  public record Folded(List<EventMessage<?>> events, @Nullable Map<TenantId, RowChanges> changes) {}

  String name() {
    return projection.name();
  }

  /** Needs no transaction, so it may run while another batch is written. */
  public Folded fold(List<EventMessage<?>> events) {
    try {
      return new Folded(events, changes(events));
    } catch (RuntimeException failed) {
      return new Folded(events, null);
    }
  }

  /**
   * Projects the next events of the event store.
   *
   * @throws RuntimeException if the database failed, not an event; then nothing was written
   */
  public void take(List<EventMessage<?>> events) {
    take(fold(events));
  }

  /** The same for folded events. */
  public void take(Folded folded) {
    Set<String> waiting = deadLetters.among(streams(folded.events()));
    if (attempt(folded, waiting).isPresent()) {
      Map<String, Long> followers = counts(waiting);
      // All events share the pauses: else a batch of failing events would take hours.
      takeHalves(
          withoutFollowers(folded.events(), followers), followers, new ArrayDeque<>(backoff));
      deadLetters.follow(followers);
    }
  }

  /**
   * Projects folded events as a whole.
   *
   * @param waiting the streams among them that have a dead letter
   * @return the failure of an event; then nothing was written
   * @throws RuntimeException if the database failed
   */
  Optional<RuntimeException> attempt(Folded folded, Set<String> waiting) {
    Map<String, Long> followers = counts(waiting);
    List<EventMessage<?>> free = withoutFollowers(folded.events(), followers);
    Map<TenantId, RowChanges> changes = waiting.isEmpty() ? folded.changes() : null;
    Optional<RuntimeException> failure =
        free.isEmpty()
            ? Optional.empty()
            : failure(() -> changes == null ? changes(free) : changes);
    if (failure.isEmpty()) {
      deadLetters.follow(followers);
    }
    return failure;
  }

  /** Retries the waiting events of a stream; after a failure nothing is written. */
  public Optional<RuntimeException> retry(List<? extends EventMessage<?>> events) {
    return failure(List.copyOf(events));
  }

  static Set<String> streams(List<EventMessage<?>> events) {
    return events.stream().map(Projector::stream).collect(Collectors.toSet());
  }

  /** The followers of waiting streams, none so far. */
  private static Map<String, Long> counts(Set<String> waiting) {
    Map<String, Long> followers = new HashMap<>();
    waiting.forEach(stream -> followers.put(stream, 0L));
    return followers;
  }

  /** Removes and counts the events whose stream has a dead letter. */
  private static List<EventMessage<?>> withoutFollowers(
      List<EventMessage<?>> events, Map<String, Long> followers) {
    if (followers.isEmpty()) {
      return events;
    }
    List<EventMessage<?>> free = new ArrayList<>();
    for (EventMessage<?> event : events) {
      if (followers.computeIfPresent(stream(event), (stream, before) -> before + 1) == null) {
        free.add(event);
      }
    }
    return free;
  }

  /** Isolates the failing events; all others are still written in large parts. */
  private void takeHalves(
      List<EventMessage<?>> events, Map<String, Long> followers, Deque<Duration> pauses) {
    if (events.size() == 1) {
      EventMessage<?> event = events.getFirst();
      failureDespiteRetries(event, pauses)
          .filter(failure -> deadLetters.add((DomainEventMessage<?>) event, failure))
          .ifPresent(failure -> followers.put(stream(event), 0L));
      return;
    }
    int middle = events.size() / 2;
    for (List<EventMessage<?>> half :
        List.of(events.subList(0, middle), events.subList(middle, events.size()))) {
      List<EventMessage<?>> free = withoutFollowers(half, followers);
      if (!free.isEmpty() && failure(free).isPresent()) {
        takeHalves(free, followers, pauses);
      }
    }
  }

  private Optional<RuntimeException> failureDespiteRetries(
      EventMessage<?> event, Deque<Duration> pauses) {
    Optional<RuntimeException> failure = failure(List.of(event));
    while (failure.isPresent() && !pauses.isEmpty()) {
      pause(pauses.removeFirst());
      failure = failure(List.of(event));
    }
    return failure;
  }

  private Optional<RuntimeException> failure(List<EventMessage<?>> events) {
    return failure(() -> changes(events));
  }

  private Optional<RuntimeException> failure(Supplier<Map<TenantId, RowChanges>> folding) {
    Map<TenantId, RowChanges> changes;
    try {
      changes = folding.get();
    } catch (RuntimeException failure) {
      TransientSqlErrors.rethrow(failure);
      return Optional.of(failure);
    }
    return changes.isEmpty() ? Optional.empty() : write(changes);
  }

  private Optional<RuntimeException> write(Map<TenantId, RowChanges> changes) {
    return BatchWriter.inSavepoint(
        sql,
        () ->
            changes.forEach(
                (tenant, ofTenant) -> {
                  beforeWriting.accept(ofTenant);
                  new BatchWriter(sql, tenant).write(ofTenant);
                }));
  }

  private Map<TenantId, RowChanges> changes(List<EventMessage<?>> events) {
    Map<TenantId, RowChanges> changes = new LinkedHashMap<>();
    for (EventMessage<?> event : events) {
      if (concerns(event)) {
        EventContext recorded = EventContext.of(event);
        projection.project(
            projection.events().cast(event.getPayload()),
            recorded,
            changes.computeIfAbsent(recorded.tenant(), tenant -> new RowChanges()));
      }
    }
    changes.values().removeIf(RowChanges::isEmpty);
    return changes;
  }

  private boolean concerns(EventMessage<?> event) {
    Class<?> type = event.getPayloadType();
    if (type == UnknownSerializedType.class) {
      throw new IllegalStateException("an event of a type that this version does not know");
    }
    return projection.events().isAssignableFrom(type);
  }

  private static String stream(EventMessage<?> event) {
    return ((DomainEventMessage<?>) event).getAggregateIdentifier();
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while an event was retried", e);
    }
  }
}
