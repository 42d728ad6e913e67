package io.kontor.eventstore.subscription;

import io.kontor.eventstore.append.RewindGuard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;

/**
 * Stores no progress in a database that has gone back in time: the events may have come from this
 * node's memory, and the transaction's rollback takes along what was made of them.
 */
final class GuardedTokens extends JdbcTokenStore {
  private final RewindGuard guard;

  GuardedTokens(Builder settings, RewindGuard guard) {
    super(settings);
    this.guard = guard;
  }

  @Override
  protected PreparedStatement storeUpdate(
      Connection connection, TrackingToken token, String processor, int segment)
      throws SQLException {
    guard.look(connection);
    return super.storeUpdate(connection, token, processor, segment);
  }
}
