package io.kontor.integration.payment;

import io.kontor.eventstore.event.StoreFailureReason;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.dao.DataAccessException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * For how long a message that failed is tried again. What may pass is waited for without end, since
 * nothing behind it may overtake it; what more likely lies in the message itself must not block the
 * partition.
 */
final class Retries {
  static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** For a failure that nothing here explains. */
  private static final Duration LONGEST_UNEXPLAINED = Duration.ofMinutes(1);

  /** PostgreSQL's class of data that it can't take. */
  private static final String DATA_EXCEPTION = "22";

  private Retries() {}

  static BackOff after(Throwable failure) {
    var pause = new ExponentialBackOff(FIRST_PAUSE.toMillis(), 2);
    pause.setMaxInterval(LONGEST_PAUSE.toMillis());
    if (!mayPass(failure)) {
      pause.setMaxElapsedTime(LONGEST_UNEXPLAINED.toMillis());
    }
    return pause;
  }

  /** Whether the store or the way to it was in trouble. */
  static boolean mayPass(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException database) {
        String state = database.getSQLState();
        return state == null || !state.startsWith(DATA_EXCEPTION);
      }
      if (StoreFailureReason.of(cause).isPresent()
          || cause instanceof TimeoutException
          || cause instanceof IOException
          || cause instanceof InterruptedException) {
        return true;
      }
      if (cause instanceof DataAccessException && cause.getCause() == null) {
        return true;
      }
    }
    return false;
  }
}
