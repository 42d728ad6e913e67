package io.kontor.eventstore.subscription;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of the store. Readers get events that this process appended from memory,
 * without reading or deserializing them; all others come from the table. Positions have no gaps, so
 * a missing event is detected. The number and bytes of kept events are limited; a reader that is
 * further behind reads the table.
 */
public final class EventFeed {
  private static final int KEPT = 1 << 15;
  private static final int TAKEN_AT_ONCE = 2_000;

  private final ReentrantLock guard = new ReentrantLock();
  private final Condition appended = guard.newCondition();
  private final @Nullable TrackedEventMessage<?>[] kept = new TrackedEventMessage<?>[KEPT];

  /** The stored size of a unit of work, at the index of its last event. */
  private final long[] bytes = new long[KEPT];

  private final long maxBytes;

  /** Events in order, complete up to the position {@code upTo}. */
  public record Page(List<? extends TrackedEventMessage<?>> events, long upTo) {}

  /** The kept positions are those after {@code before} up to {@code last}. */
  private long before;

  private long last;
  private long keptBytes;
  private volatile long head;
  private volatile @Nullable String failure;

  /**
   * @param maxBytes limit of the kept events, in their stored form
   */
  public EventFeed(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Adds the events of a unit of work that this process appended; the last one is at {@code
   * position}.
   *
   * @param time when they were recorded, as stored
   */
  public void committed(
      long position, List<DomainEventMessage<?>> events, long size, Instant time) {
    if (events.isEmpty()) {
      return;
    }
    guard.lock();
    try {
      long start = position - events.size();
      if (start != last) {
        dropUpTo(last);
        before = start;
      }
      dropUpTo(position - KEPT);
      var token = new GlobalSequenceTrackingToken(position);
      long next = start;
      for (DomainEventMessage<?> event : events) {
        kept[slot(++next)] = recorded(event, token, time);
      }
      last = position;
      bytes[slot(last)] = size;
      keptBytes += size;
      while (keptBytes > maxBytes) {
        dropUpTo(before + 1);
      }
      head = Math.max(head, position);
    } finally {
      guard.unlock();
    }
  }

  private static <T> TrackedEventMessage<T> recorded(
      DomainEventMessage<T> event, TrackingToken token, Instant time) {
    return new GenericTrackedDomainEventMessage<>(
        token,
        event.getType(),
        event.getAggregateIdentifier(),
        event.getSequenceNumber(),
        event,
        () -> time);
  }

  /** Records that a process has appended up to {@code position}. */
  public void advanceTo(long position) {
    if (position > head) {
      guard.lock();
      try {
        head = Math.max(head, position);
        appended.signalAll();
      } finally {
        guard.unlock();
      }
    }
  }

  /** Stops all readers: the kept events differ from the stored ones. */
  public void fail(String reason) {
    guard.lock();
    try {
      failure = reason;
      appended.signalAll();
    } finally {
      guard.unlock();
    }
  }

  /**
   * @throws EventStoreException when the feed has failed
   */
  void demandSound() {
    if (failure != null) {
      throw new EventStoreException("events can't be followed: " + failure);
    }
  }

  /** Wakes readers that wait for new events. */
  public void wakeReaders() {
    guard.lock();
    try {
      appended.signalAll();
    } finally {
      guard.unlock();
    }
  }

  /** The highest position known to be committed. */
  public long head() {
    return head;
  }

  /**
   * Whole units of work kept in memory right after {@code position}; null when they are not kept.
   */
  @Nullable Page after(long position) {
    guard.lock();
    try {
      if (position < before || position >= last) {
        return null;
      }
      long cut = Math.min(last, position + TAKEN_AT_ONCE);
      long end = at(cut).trackingToken().position().orElseThrow();
      var events = new ArrayList<TrackedEventMessage<?>>((int) (end - position));
      for (long next = position + 1; next <= end; next++) {
        events.add(at(next));
      }
      return new Page(events, end);
    } finally {
      guard.unlock();
    }
  }

  /** Waits for an event after {@code position}, at most the given time. */
  boolean await(long position, long time, TimeUnit unit) throws InterruptedException {
    long nanos = unit.toNanos(time);
    guard.lockInterruptibly();
    try {
      while (head <= position && failure == null) {
        if (nanos <= 0) {
          return false;
        }
        nanos = appended.awaitNanos(nanos);
      }
      return true;
    } finally {
      guard.unlock();
    }
  }

  private TrackedEventMessage<?> at(long position) {
    return Objects.requireNonNull(kept[slot(position)]);
  }

  private void dropUpTo(long position) {
    while (before < position && before < last) {
      int oldest = slot(++before);
      keptBytes -= bytes[oldest];
      bytes[oldest] = 0;
      kept[oldest] = null;
    }
  }

  private static int slot(long position) {
    return (int) (position & (KEPT - 1));
  }
}
