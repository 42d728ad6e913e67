package io.kontor.eventstore.subscription;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;

/**
 * A reader's position in the store: reads from the feed while it keeps up, from the table
 * otherwise.
 */
public final class EventFeedStream implements TrackingEventStream {
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private final EventFeed feed;
  private final LongFunction<EventFeed.Page> table;
  private final ArrayDeque<TrackedEventMessage<?>> ahead = new ArrayDeque<>();

  /** The last position fetched. */
  private long position;

  private long lastFetch = System.nanoTime() - GATHER_NANOS;

  public EventFeedStream(EventFeed feed, LongFunction<EventFeed.Page> table, long position) {
    this.feed = feed;
    this.table = table;
    this.position = position;
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    feed.demandSound();
    if (ahead.isEmpty() && feed.head() > position) {
      fetch();
    }
    return Optional.ofNullable(ahead.peek());
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    if (ahead.isEmpty() && feed.await(position, timeout, unit)) {
      gather();
      feed.demandSound();
      fetch();
    }
    feed.demandSound();
    return !ahead.isEmpty();
  }

  /**
   * Waits briefly to batch events: otherwise a reader that keeps up takes one event per
   * transaction. A reader that was idle takes its first event at once.
   */
  private void gather() throws InterruptedException {
    long wait = lastFetch + GATHER_NANOS - System.nanoTime();
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    while (!hasNextAvailable(Integer.MAX_VALUE, TimeUnit.MILLISECONDS)) {
      Thread.onSpinWait();
    }
    return ahead.remove();
  }

  private void fetch() {
    lastFetch = System.nanoTime();
    EventFeed.Page page = feed.after(position);
    if (page == null) {
      page = table.apply(position);
    }
    ahead.addAll(page.events());
    position = page.upTo();
  }

  @Override
  public void close() {
    ahead.clear();
  }
}
