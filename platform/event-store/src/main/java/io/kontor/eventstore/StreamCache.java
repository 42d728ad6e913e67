package io.kontor.eventstore;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates at hand, strongly held and bounded by weight. Nothing relies on an entry being there
 * or being current: the unique key of the event table decides.
 */
final class StreamCache {
  private static final int DEFAULT_WEIGHT_BYTES = 1_024;

  private final Cache<String, EventSourcedAggregate<?>> aggregates;

  StreamCache(long maxBytes) {
    aggregates =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String id, EventSourcedAggregate<?> aggregate) -> weigh(aggregate))
            .build();
  }

  @Nullable EventSourcedAggregate<?> get(String stream) {
    return aggregates.getIfPresent(stream);
  }

  void put(String stream, EventSourcedAggregate<?> aggregate) {
    aggregates.put(stream, aggregate);
  }

  void evict(String stream) {
    aggregates.invalidate(stream);
  }

  private static int weigh(EventSourcedAggregate<?> aggregate) {
    return aggregate.getAggregateRoot() instanceof Weighed root
        ? DEFAULT_WEIGHT_BYTES + root.weightBytes()
        : DEFAULT_WEIGHT_BYTES;
  }
}
