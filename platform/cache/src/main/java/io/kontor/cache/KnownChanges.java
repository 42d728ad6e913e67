package io.kontor.cache;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The changes of rows that this process knows of, as the position of the last one for each of many
 * buckets of keys: a collision makes a copy unusable that is good, never the reverse. Where changes
 * may have been missed, all copies from before are unusable.
 */
public final class KnownChanges {
  /** How long copies are used without a sign of life of the notifications. */
  private static final Duration LEASE = Duration.ofSeconds(3);

  static final int BUCKETS = 1 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLongArray changedAt = new AtomicLongArray(BUCKETS);
  private final Map<String, State> states = new ConcurrentHashMap<>();
  private @Nullable String history;
  private volatile @Nullable String database;
  private volatile long usableUntil = System.nanoTime();

  /**
   * What is known of a model.
   *
   * @param applied all changes between {@code horizon} and this position are known
   * @param horizon changes at or before this position are not known
   */
  private record State(long edition, long applied, long horizon) {
    Version version() {
      return new Version(edition, applied);
    }
  }

  static int bucket(CacheKey key) {
    return (int) (key.hash() & (BUCKETS - 1));
  }

  /**
   * Notifications arrive from now on.
   *
   * @param database identifies the database and its history
   * @param versions of all models, read after the first notification could arrive
   */
  void begin(String database, Map<String, Version> versions) {
    lock.lock();
    try {
      if (!database.equals(history)) {
        states.clear();
        history = database;
      }
      versions.forEach(
          (model, version) -> {
            // A commit of this process may have come after the versions were read.
            State known = states.get(model);
            restart(model, known == null ? version : later(known.version(), version));
          });
      this.database = database;
    } finally {
      lock.unlock();
    }
    stayAlive();
  }

  /** No notification arrives any more. */
  void end() {
    database = null;
  }

  /** The notifications are known to arrive. */
  void stayAlive() {
    usableUntil = System.nanoTime() + LEASE.toNanos();
  }

  /** Compares with what the database says; what was missed makes earlier copies unusable. */
  void compare(Map<String, Version> versions) {
    lock.lock();
    try {
      versions.forEach(
          (model, version) -> {
            State known = states.get(model);
            if (known == null || known.version().compareTo(version) < 0) {
              restart(model, version);
            }
          });
    } finally {
      lock.unlock();
    }
  }

  /** Identifies the database while copies may be used; null while not. */
  @Nullable String usableDatabase() {
    return System.nanoTime() - usableUntil < 0 ? database : null;
  }

  /** A commit of this process. */
  void apply(ModelChange change) {
    int[] buckets =
        change.keys() == null
            ? null
            : change.keys().stream().mapToInt(KnownChanges::bucket).toArray();
    apply(change.model(), change.edition(), change.from(), change.to(), buckets);
  }

  /**
   * A commit.
   *
   * @param buckets of the changed keys; null if any may have changed
   */
  void apply(String model, long edition, long from, long to, int @Nullable [] buckets) {
    lock.lock();
    try {
      State known = states.get(model);
      if (known == null || known.edition() < edition) {
        restart(model, new Version(edition, to));
      } else if (known.edition() == edition) {
        if (buckets == null || from > known.applied()) {
          long applied = Math.max(known.applied(), to);
          states.put(model, new State(edition, applied, applied));
        } else {
          mark(buckets, to);
          states.put(model, new State(edition, Math.max(known.applied(), to), known.horizon()));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Part of a commit whose end is not known yet. */
  void mark(int[] buckets, long to) {
    for (int bucket : buckets) {
      changedAt.accumulateAndGet(bucket, to, Math::max);
    }
  }

  /** A row was read: no reader of this process gets an older state of it from now on. */
  void seen(CacheKey key, Version version) {
    State known = states.get(key.model());
    if (known != null
        && known.edition() == version.edition()
        && known.applied() < version.position()) {
      changedAt.accumulateAndGet(bucket(key), version.position(), Math::max);
    }
  }

  /**
   * Whether a copy is the row's state at {@code minPosition} or later and as of all changes that
   * are known.
   */
  boolean allows(CacheKey key, Version version, long minPosition) {
    // Read first: the buckets have at least the changes up to its position.
    State known = states.get(key.model());
    return known != null
        && known.edition() == version.edition()
        && known.horizon() <= version.position()
        && changedAt.get(bucket(key)) <= version.position()
        && Math.max(known.applied(), version.position()) >= minPosition;
  }

  private static Version later(Version one, Version other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void restart(String model, Version version) {
    states.put(model, new State(version.edition(), version.position(), version.position()));
  }
}
