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
 * The newest events of the store, as their readers want them: those that this process wrote itself
 * are handed on from memory, neither read back nor deserialized; everything else is read from the
 * table. Positions are dense, so a gap can't be overlooked. What is kept is bounded in events and
 * in bytes; a reader that is further behind reads the table.
 */
public final class EventFeed {
  private static final int KEPT = 1 << 15;
  private static final int TAKEN_AT_ONCE = 2_000;

  private final ReentrantLock guard = new ReentrantLock();
  private final Condition news = guard.newCondition();
  private final @Nullable TrackedEventMessage<?>[] kept = new TrackedEventMessage<?>[KEPT];

  /** The stored size of a unit, at its last event. */
  private final long[] bytes = new long[KEPT];

  private final long maxBytes;

  /** Events in order, and the position up to which there are no others. */
  public record Page(List<? extends TrackedEventMessage<?>> events, long upTo) {}

  /** The positions kept are those after {@code before} up to {@code last}. */
  private long before;

  private long last;
  private long keptBytes;
  private volatile long head;
  private volatile @Nullable String failure;

  /**
   * @param maxBytes the most that the kept events may take, in their stored form
   */
  public EventFeed(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * This process wrote a unit's {@code events}, the last of them at {@code position}.
   *
   * @param time when they were recorded, as it is stored
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

  /** Some process has written up to {@code position}. */
  public void advanceTo(long position) {
    if (position > head) {
      guard.lock();
      try {
        head = Math.max(head, position);
        news.signalAll();
      } finally {
        guard.unlock();
      }
    }
  }

  /** The events kept here are not those of the store: nobody must go on with them. */
  public void fail(String reason) {
    guard.lock();
    try {
      failure = reason;
      news.signalAll();
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

  /** Wakes whoever waits for what was committed since. */
  public void wakeReaders() {
    guard.lock();
    try {
      news.signalAll();
    } finally {
      guard.unlock();
    }
  }

  /** The highest position known to be committed. */
  long head() {
    return head;
  }

  /** Whole units kept in memory right after {@code position}; null when that is not at hand. */
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

  /** Waits until there is something after {@code position}, at most so long. */
  boolean await(long position, long time, TimeUnit unit) throws InterruptedException {
    long nanos = unit.toNanos(time);
    guard.lockInterruptibly();
    try {
      while (head <= position && failure == null) {
        if (nanos <= 0) {
          return false;
        }
        nanos = news.awaitNanos(nanos);
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
