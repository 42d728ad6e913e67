package io.kontor.web.problem;

import io.kontor.database.breaker.DatabaseOutage;
import io.kontor.database.pool.ConnectionRejectedException;
import io.kontor.database.pool.ConnectionRejectedException.Reason;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;

/** What a request is answered that could not use the database. */
public final class DatabaseProblems {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseProblems.class);

  private DatabaseProblems() {}

  /** The problem of a failure, if the database is the cause. */
  public static Optional<ProblemException> of(Throwable failure) {
    Optional<Reason> rejection = rejection(failure);
    if (rejection.isPresent()) {
      return rejection.map(DatabaseProblems::rejected);
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isUnavailable(cause)) {
        if (!isLoggedOnce(failure)) {
          LOG.warn("database unavailable cause={}", failure.toString());
        }
        return Optional.of(unavailable());
      }
    }
    return Optional.empty();
  }

  /** Whether a failure's cause is that the tenant's share of the connections is taken. */
  public static boolean isShareTaken(Throwable failure) {
    return rejection(failure).filter(reason -> reason == Reason.SHARE_TAKEN).isPresent();
  }

  private static Optional<Reason> rejection(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectionRejectedException rejected) {
        return Optional.of(rejected.reason());
      }
    }
    return Optional.empty();
  }

  private static ProblemException rejected(Reason reason) {
    return reason == Reason.SHARE_TAKEN
        ? ProblemException.tryAgain(
            ProblemType.TOO_MANY_REQUESTS,
            "the tenant's share of the database's connections is taken; try again")
        : unavailable();
  }

  private static ProblemException unavailable() {
    return ProblemException.tryAgain(
        ProblemType.DATABASE_UNAVAILABLE, "the database does not answer; try again");
  }

  /**
   * An outage, and a pool that is used up, are logged by the breakers and the pools when they begin
   * and end, not for each request. What remains is a statement's own: it took too long, say.
   */
  private static boolean isLoggedOnce(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TransactionException
          || cause instanceof SQLTransientConnectionException) {
        return true;
      }
    }
    return DatabaseOutage.isCauseOf(failure);
  }

  private static boolean isUnavailable(Throwable failure) {
    return switch (failure) {
      case TransientDataAccessException _,
          NonTransientDataAccessResourceException _,
          CannotCreateTransactionException _,
          // A rollback on a lost connection hides the original failure.
          TransactionSystemException _ ->
          true;
      default -> false;
    };
  }
}
