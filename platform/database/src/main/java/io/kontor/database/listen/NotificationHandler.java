package io.kontor.database.listen;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Handles notifications. The listener calls it from a single thread. */
public interface NotificationHandler {
  /**
   * Notifications arrive from now on; earlier ones are lost, so read the current state or clear
   * caches.
   */
  default void begins() {}

  /**
   * Notifications arrived.
   *
   * @param payloads in the order of sending, never empty
   */
  void hears(List<String> payloads);

  /**
   * No notification arrived for a second: some may be lost, so a handler that keeps state reads it
   * anew. Without any, only the connection is checked.
   *
   * @param connection the listener's own, in auto-commit mode; using it also checks the connection
   * @throws SQLException when the connection is lost; the listener then opens another one
   */
  default void hearsNothing(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("select 1");
    }
  }

  /** Notifications are lost from now on, until {@link #begins}. */
  default void ends() {}
}
