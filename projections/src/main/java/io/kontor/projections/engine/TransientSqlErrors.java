package io.kontor.projections.engine;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells failures of the database, with which any event would have failed and which pass, from those
 * of an event, which do not pass.
 */
final class TransientSqlErrors {
  /**
   * Connection, transaction state (a standby is read-only, a timeout ended it), login, no such
   * database, rollback (deadlock, serialization), resources, objects in use (a lock was not to be
   * had), intervention (shutdown, a cancelled statement), system error.
   */
  private static final Set<String> CLASSES =
      Set.of("08", "25", "28", "3D", "40", "53", "55", "57", "58");

  private TransientSqlErrors() {}

  static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientException
          || cause instanceof SQLRecoverableException
          || (cause instanceof SQLException sql && isOutage(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOutage(@Nullable String state) {
    return state != null && state.length() == 5 && CLASSES.contains(state.substring(0, 2));
  }
}
