package io.kontor.eventstore.append;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** A stream with a decision in progress or units of work in the queue. */
final class StreamLockState {
  final String id;

  /** Held while a command is decided on the stream. */
  final ReentrantLock decision = new ReentrantLock();

  /** The number of users of this object; guarded by the table that contains it. */
  int users;

  /**
   * Failed units of work that have not rolled back yet; guarded by the commit queue, read without
   * it.
   */
  final AtomicInteger failing = new AtomicInteger();

  /**
   * How many units of work of this stream have failed; incremented after {@link #failing}, by the
   * queue only.
   */
  final AtomicInteger failures = new AtomicInteger();

  /** The queued units of work of this stream, oldest first; changed by the queue. */
  final ConcurrentLinkedDeque<QueuedAppend> queued = new ConcurrentLinkedDeque<>();

  StreamLockState(String id) {
    this.id = id;
  }
}
