package io.kontor.database.listen;

import java.sql.SQLException;
import java.util.List;

/**
 * Handles the notifications of one channel. It is called on a thread of its own, so that it may
 * wait for the database. When it fails, it {@link #ends} and {@link #begins} anew.
 */
public interface NotificationHandler {
  /**
   * Notifications arrive from now on; earlier ones are lost, so read the current state or clear
   * caches.
   *
   * @throws SQLException when the state can't be read; it is tried again
   */
  default void begins() throws SQLException {}

  /**
   * Notifications arrived.
   *
   * @param payloads in the order of sending, never empty
   */
  void hears(List<String> payloads) throws SQLException;

  /** No notification arrived for a second, and the connection is known to be alive. */
  default void hearsNothing() throws SQLException {}

  /** Notifications are lost from now on, until {@link #begins}. */
  default void ends() {}
}
