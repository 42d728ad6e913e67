package io.kontor.database.breaker;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which failures mean that the database can't be used now, whatever is asked of it. A violated
 * constraint, a cancelled statement, a deadlock, a lock that is not available and a query over its
 * own limits do not.
 */
public final class DatabaseOutage {
  /**
   * SQLSTATE classes: connection, login refused, unknown database, resources (connections, memory,
   * disk), shutdown, system error.
   */
  private static final Set<String> CLASSES = Set.of("08", "28", "3D", "53", "57", "58");

  /** A query over {@code temp_file_limit}, and one that was cancelled or took too long. */
  private static final Set<String> A_QUERYS_OWN = Set.of("53400", "57014");

  /** The database is read-only, as a standby is. */
  private static final String READ_ONLY = "25006";

  private DatabaseOutage() {}

  /** Whether an outage is the failure or one of its causes. */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && isOutage(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOutage(@Nullable String state) {
    return state != null
        && state.length() == 5
        && !A_QUERYS_OWN.contains(state)
        && (state.equals(READ_ONLY) || CLASSES.contains(state.substring(0, 2)));
  }
}
