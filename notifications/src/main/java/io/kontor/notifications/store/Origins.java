package io.kontor.notifications.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kontor.eventstore.read.FirstEvents;
import io.kontor.notifications.rule.Origin;
import io.kontor.tenancy.StreamId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What streams began with: read once and then kept, since a stream's first event never changes. */
public final class Origins {
  private static final int MOST = 50_000;

  private final Cache<StreamId, Origin> known = Caffeine.newBuilder().maximumSize(MOST).build();
  private final FirstEvents events;

  public Origins(FirstEvents events) {
    this.events = events;
  }

  /** The origins of streams of the current tenant. */
  Map<StreamId, Origin> of(Collection<StreamId> streams) {
    return known.getAll(Set.copyOf(streams), this::read);
  }

  private Map<StreamId, Origin> read(Set<? extends StreamId> streams) {
    return events.of(Set.copyOf(streams)).entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, first -> Origin.of(first.getValue().getPayload())));
  }
}
