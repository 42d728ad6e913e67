package io.kontor.eventstore.aggregate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates at hand, strongly held and bounded by the memory that they take. Nothing relies on an
 * entry being there or being current: the unique key of the event table decides.
 */
public final class AggregateCache {
  /** The key, the framework's part of the aggregate, and the entry. */
  private static final int OVERHEAD_BYTES = 1_024;

  /** An event adds about this much to an aggregate, or less. */
  private static final int EVENT_BYTES = 1_024;

  private final Cache<String, Entry> aggregates;

  public AggregateCache(long maxBytes) {
    aggregates =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String id, Entry entry) -> entry.bytes)
            .build();
  }

  public @Nullable EventSourcedAggregate<?> get(String stream) {
    Entry entry = aggregates.getIfPresent(stream);
    return entry == null ? null : entry.aggregate;
  }

  /** Must be called by who holds the stream's lock: the aggregate is walked to be weighed. */
  void put(String stream, EventSourcedAggregate<?> aggregate) {
    Entry known = aggregates.getIfPresent(stream);
    if (known == null || !known.isStillRightOf(aggregate)) {
      aggregates.put(stream, Entry.weighed(aggregate));
    }
  }

  public void evict(String stream) {
    aggregates.invalidate(stream);
  }

  /**
   * An aggregate as it was weighed.
   *
   * @param version it was weighed at
   */
  private record Entry(EventSourcedAggregate<?> aggregate, int bytes, long version) {
    static Entry weighed(EventSourcedAggregate<?> aggregate) {
      long bytes = OVERHEAD_BYTES + Weight.of(aggregate.getAggregateRoot());
      return new Entry(aggregate, (int) Math.min(bytes, Integer.MAX_VALUE), aggregate.version());
    }

    /** If not, it may have grown by a tenth: a big one is not walked at each event. */
    @SuppressWarnings("ReferenceEquality") // an aggregate loaded anew is another one
    boolean isStillRightOf(EventSourcedAggregate<?> other) {
      return aggregate == other && (other.version() - version) * EVENT_BYTES * 10 < bytes;
    }
  }
}
