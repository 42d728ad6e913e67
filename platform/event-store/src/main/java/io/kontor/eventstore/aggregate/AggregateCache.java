package io.kontor.eventstore.aggregate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.jspecify.annotations.Nullable;

/**
 * Cached aggregates, strongly referenced and limited by the memory they take. An entry may be
 * missing or stale: the unique key of the event table detects conflicts.
 */
public final class AggregateCache {
  /** The key, Axon's part of the aggregate, and the entry. */
  private static final int OVERHEAD_BYTES = 1_024;

  /** An upper estimate of what one event adds to an aggregate. */
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

  /**
   * The caller must hold the stream's lock: this walks the aggregate to estimate its size. An entry
   * of about that size stays, since replacing one makes the cache reconsider all others.
   */
  void put(String stream, EventSourcedAggregate<?> aggregate) {
    Entry known = aggregates.getIfPresent(stream);
    if (known == null || !known.isStillRightOf(aggregate)) {
      aggregates.put(stream, new Entry(aggregate));
    }
  }

  public void evict(String stream) {
    aggregates.invalidate(stream);
  }

  /** An aggregate with its size. */
  private static final class Entry {
    private final EventSourcedAggregate<?> aggregate;
    private final int bytes;

    /** The aggregate's version when its size was estimated; guarded by the stream's lock. */
    private long version;

    Entry(EventSourcedAggregate<?> aggregate) {
      this.aggregate = aggregate;
      this.bytes = bytes(aggregate);
      this.version = aggregate.version();
    }

    /**
     * Whether the size is still good enough: it may have changed by a tenth. A big aggregate is not
     * walked at each event to find that out.
     */
    @SuppressWarnings("ReferenceEquality") // an aggregate that was loaded again is another object
    boolean isStillRightOf(EventSourcedAggregate<?> other) {
      if (aggregate != other) {
        return false;
      }
      if ((other.version() - version) * EVENT_BYTES * 10 < bytes) {
        return true;
      }
      version = other.version();
      return Math.abs((long) bytes(other) - bytes) * 10 < bytes;
    }

    private static int bytes(EventSourcedAggregate<?> aggregate) {
      long bytes = OVERHEAD_BYTES + Weight.of(aggregate.getAggregateRoot());
      return (int) Math.min(bytes, Integer.MAX_VALUE);
    }
  }
}
