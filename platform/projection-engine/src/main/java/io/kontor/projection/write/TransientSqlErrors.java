package io.kontor.projection.write;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes transient failures of the database, which any event would meet, from permanent
 * failures caused by an event.
 */
public final class TransientSqlErrors {
  /**
   * SQLSTATE classes: connection, transaction state (read-only standby, ended by a timeout), login,
   * unknown database, rollback (deadlock, serialization), resources, object in use (lock not
   * available), operator intervention (shutdown, cancelled statement), system error.
   */
  private static final Set<String> CLASSES =
      Set.of("08", "25", "28", "3D", "40", "53", "55", "57", "58");

  private TransientSqlErrors() {}

  /** Whether a failure or one of its causes is transient. */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientException
          || cause instanceof SQLRecoverableException
          || (cause instanceof SQLException sql && isTransient(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /** Throws a failure that is transient. */
  static void rethrow(RuntimeException failure) {
    if (isCauseOf(failure)) {
      throw failure;
    }
  }

  private static boolean isTransient(@Nullable String state) {
    return state != null && state.length() == 5 && CLASSES.contains(state.substring(0, 2));
  }
}
