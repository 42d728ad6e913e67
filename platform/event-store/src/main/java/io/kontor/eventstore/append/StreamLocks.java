package io.kontor.eventstore.append;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.kontor.eventstore.event.StoreBusyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.lock.Lock;
import org.axonframework.common.lock.LockFactory;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Serializes decisions on a stream. A lock is released once the decision is queued, so the next
 * decision does not wait for the disk; {@link CommitQueue} fails decisions that build on one that
 * never became durable.
 */
public final class StreamLocks implements LockFactory {
  private static final String HELD = StreamLocks.class.getName() + ".held";
  private static final long MAX_WAIT_SECONDS = 10;

  private final ConcurrentHashMap<String, StreamLockState> streams = new ConcurrentHashMap<>();

  /**
   * @throws StoreBusyException when the stream stays locked for ten seconds
   */
  @Override
  public Lock obtainLock(String stream) {
    StreamLockState state = use(stream);
    Held lock = null;
    try {
      lock = new Held(state, acquire(state));
    } finally {
      if (lock == null) {
        leave(state);
      }
    }
    heldBy(CurrentUnitOfWork.get()).add(lock);
    return lock;
  }

  /** Releases all locks of the unit of work. */
  void giveBack(UnitOfWork<?> unitOfWork) {
    heldBy(unitOfWork).forEach(Held::release);
  }

  /**
   * Whether a unit of work has failed on a stream since this one locked it: the state that it read
   * may be the failed one, even after the rollback.
   */
  boolean haveFailedSince(UnitOfWork<?> unitOfWork) {
    return heldBy(unitOfWork).stream()
        .anyMatch(held -> held.state.failures.get() != held.failuresBefore);
  }

  /** The streams that the unit of work has locked, released or not. */
  Set<String> touchedBy(UnitOfWork<?> unitOfWork) {
    return heldBy(unitOfWork).stream().map(held -> held.state.id).collect(toUnmodifiableSet());
  }

  /** The stream's state, kept until {@link #leave}. */
  StreamLockState use(String stream) {
    return streams.compute(
        stream,
        (id, known) -> {
          StreamLockState state = known == null ? new StreamLockState(id) : known;
          state.users++;
          return state;
        });
  }

  void leave(StreamLockState state) {
    streams.compute(state.id, (id, known) -> --state.users == 0 ? null : known);
  }

  /** The stream's last queued unit of work, if any. */
  public @Nullable QueuedAppend lastQueued(String stream) {
    StreamLockState state = streams.get(stream);
    return state == null ? null : state.queued.peekLast();
  }

  /** Drops the pinned aggregate of this stream from all queued units of work. */
  public void unpin(String stream) {
    StreamLockState state = streams.get(stream);
    if (state != null) {
      state.queued.forEach(unit -> unit.unpin(stream));
    }
  }

  /**
   * Locks the stream and returns the number of failures so far; the visible state contains none of
   * them.
   */
  private static int acquire(StreamLockState state) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_WAIT_SECONDS);
    try {
      while (state.decision.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        int failures = state.failures.get();
        if (state.failing.get() == 0) {
          return failures;
        }
        state.decision.unlock();
        awaitReopening(state, deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreBusyException("interrupted while waiting for stream " + state.id);
    }
    throw new StoreBusyException("stream %s is busy".formatted(state.id));
  }

  @SuppressWarnings("WaitNotInLoop") // the caller loops, and must take the decision lock first
  private static void awaitReopening(StreamLockState state, long deadline)
      throws InterruptedException {
    synchronized (state) {
      if (state.failing.get() > 0) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis > 0) {
          state.wait(millis);
        }
      }
    }
  }

  private static List<Held> heldBy(UnitOfWork<?> unitOfWork) {
    return unitOfWork.root().getOrComputeResource(HELD, key -> new ArrayList<Held>());
  }

  private final class Held implements Lock {
    private final StreamLockState state;
    private final int failuresBefore;
    private boolean held = true;

    Held(StreamLockState state, int failuresBefore) {
      this.state = state;
      this.failuresBefore = failuresBefore;
    }

    @Override
    public void release() {
      if (held) {
        held = false;
        state.decision.unlock();
        leave(state);
      }
    }

    @Override
    public boolean isHeld() {
      return held;
    }
  }
}
