package io.kontor.eventstore.append;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** One stream that somebody decides on or that has units under way to disk. */
final class StreamLockState {
  final String id;

  /** Held by the one who decides on the stream now. */
  final ReentrantLock decision = new ReentrantLock();

  /** Users of this object; guarded by the table it is in. */
  int users;

  /** Failed units that have not rolled back yet; guarded by the commit queue, read by anyone. */
  final AtomicInteger failing = new AtomicInteger();

  /**
   * How often units of this stream have failed; raised after {@link #failing}, by the queue alone.
   */
  final AtomicInteger failures = new AtomicInteger();

  /** The units of this stream that are under way to disk, oldest first; changed by the queue. */
  final ConcurrentLinkedDeque<QueuedAppend> queued = new ConcurrentLinkedDeque<>();

  StreamLockState(String id) {
    this.id = id;
  }
}
