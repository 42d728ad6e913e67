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
 * How long a failed message is retried. A transient failure is retried without end, to keep the
 * order; a failure that the message itself probably causes must not block the partition.
 */
final class Retries {
  static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** Limit for a failure of unknown cause. */
  private static final Duration LONGEST_UNEXPLAINED = Duration.ofMinutes(1);

  /** PostgreSQL's SQLSTATE class for invalid data. */
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

  /** Whether the failure is transient: the store or the connection to it failed. */
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
