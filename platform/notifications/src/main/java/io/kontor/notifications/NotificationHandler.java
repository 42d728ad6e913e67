package io.kontor.notifications;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Who is told. All calls come from the listener's one thread. */
public interface NotificationHandler {
  /** From now on nothing is missed. What was told before has to be looked up, or is forgotten. */
  default void begins() {}

  /**
   * Something was told.
   *
   * @param payloads in the order in which they were told, never empty
   */
  void hears(List<String> payloads);

  /**
   * Nothing was told for a second: what was told may have got lost, so look for it.
   *
   * @param connection the listener's own, in auto-commit mode; using it shows that it still stands
   * @throws SQLException when it does not; the listener then takes another
   */
  void hearsNothing(Connection connection) throws SQLException;

  /** From now on everything is missed, until it begins again. */
  default void ends() {}
}
