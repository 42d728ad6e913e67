package io.kontor.projections.engine;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells the database's failures, which pass, from an event's, which do not. */
final class Outage {
  /** Connection, rollback (deadlock, serialization), resources, intervention, system error. */
  private static final Set<String> CLASSES = Set.of("08", "40", "53", "57", "58");

  private Outage() {}

  static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql instanceof SQLTransientException
            || sql instanceof SQLRecoverableException
            || isOutage(sql.getSQLState());
      }
    }
    return false;
  }

  private static boolean isOutage(@Nullable String state) {
    return state != null && state.length() == 5 && CLASSES.contains(state.substring(0, 2));
  }
}
