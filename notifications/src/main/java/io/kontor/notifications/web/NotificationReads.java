package io.kontor.notifications.web;

import io.kontor.notifications.store.NotificationProgress;
import io.kontor.query.support.ReadGateway;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads of notifications wait for the position that the client requires. */
@Component
class NotificationReads {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final ReadGateway gateway;
  private final NotificationProgress progress;

  NotificationReads(ReadGateway gateway, NotificationProgress progress) {
    this.gateway = gateway;
    this.progress = progress;
  }

  /**
   * Waits until users are notified of all events up to a position.
   *
   * @param minPosition the header {@code Kontor-Min-Position}
   * @throws ProblemException if it is malformed (400) or not reached in time (503)
   */
  void await(@Nullable String minPosition) {
    gateway.awaitStored(minPosition);
    if (minPosition != null && !progress.await(Long.parseLong(minPosition), TIMEOUT)) {
      throw ProblemException.tryAgain(
          ProblemType.READ_MODEL_BEHIND,
          "notifications have not reached position " + minPosition + " yet; try again");
    }
  }
}
