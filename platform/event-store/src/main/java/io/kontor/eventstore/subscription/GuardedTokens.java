package io.kontor.eventstore.subscription;

import io.kontor.eventstore.read.RewindGuard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;

/**
 * Stores no token in a database that has been rewound: the events may exist only in this node's
 * memory, and the rollback removes what was written for them.
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
