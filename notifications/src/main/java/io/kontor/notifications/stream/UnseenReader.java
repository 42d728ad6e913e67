package io.kontor.notifications.stream;

import io.kontor.notifications.store.Notification;
import io.kontor.notifications.store.UnseenNotifications;
import io.kontor.web.problem.DatabaseProblems;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client has not seen. When the database does not answer, it reads again after pauses
 * that grow, so that the connection outlasts a failover.
 */
final class UnseenReader {
  /** A database that does not answer for so long ends the connection. */
  static final Duration OUTLASTED = Duration.ofMinutes(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final int MOST_DOUBLINGS = 5;

  /**
   * Signals are lost with their connection only, and a new one wakes all. Should one be lost
   * otherwise, its news is late by this.
   */
  private static final Duration LOOK_ANYWAY = Duration.ofMinutes(1);

  private final Supplier<UnseenNotifications> missed;
  private final InstantSource clock;
  private @Nullable UnseenNotifications unseen;
  private Instant due;
  private @Nullable Instant failingSince;
  private int failures;

  /**
   * @param missed what the client has not seen, read first
   */
  UnseenReader(Supplier<UnseenNotifications> missed, InstantSource clock) {
    this.missed = missed;
    this.clock = clock;
    this.due = clock.instant();
  }

  /** When to read next. */
  Instant due() {
    return due;
  }

  boolean isDue() {
    return !clock.instant().isBefore(due);
  }

  /** There is something to read: now, or after the pause. */
  void news() {
    if (failures == 0) {
      due = clock.instant();
    }
  }

  /** The last one that was read; null while nothing could be read. */
  @Nullable UUID last() {
    return unseen == null ? null : unseen.last();
  }

  /**
   * Some of what the client has not seen, oldest first.
   *
   * @throws RuntimeException when it can't be read, if that is not for the database or has been so
   *     for {@link #OUTLASTED}
   */
  List<Notification> read() {
    Instant begun = clock.instant();
    try {
      UnseenNotifications source = unseen == null ? missed.get() : unseen;
      unseen = source;
      UnseenNotifications.Batch batch = source.next(NotificationStream.PAGE);
      failures = 0;
      failingSince = null;
      due = batch.isLast() ? begun.plus(LOOK_ANYWAY) : begun;
      return batch.notifications();
    } catch (RuntimeException failure) {
      pauseAfter(failure, begun);
      return List.of();
    }
  }

  private void pauseAfter(RuntimeException failure, Instant begun) {
    if (failingSince == null) {
      failingSince = begun;
    }
    Instant now = clock.instant();
    if (DatabaseProblems.of(failure).isEmpty() || now.isAfter(failingSince.plus(OUTLASTED))) {
      throw failure;
    }
    due = now.plusMillis(pause(failures));
    failures++;
  }

  /** Doubled with each failure, and up to half of it shorter, so that readers come one by one. */
  private static long pause(int failures) {
    long longest = FIRST_PAUSE.toMillis() << Math.min(failures, MOST_DOUBLINGS);
    return ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
  }
}
