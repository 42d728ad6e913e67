package io.kontor.projections.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Kept by the process that works on a rebuild, and by the database freed when that process dies. It
 * saves doing things twice; that nothing is done twice is seen to by the rebuild's own row.
 */
final class RebuildLock implements AutoCloseable {
  private final Connection connection;

  private RebuildLock(Connection connection) {
    this.connection = connection;
  }

  /** The lock on some projections; null when another process has one of them. */
  static @Nullable RebuildLock tryTake(DataSource worker, List<String> projections) {
    try {
      Connection connection = worker.getConnection();
      connection.setAutoCommit(true);
      var lock = new RebuildLock(connection);
      for (String projection : projections.stream().sorted().toList()) {
        if (!lock.take(projection)) {
          lock.close();
          return null;
        }
      }
      return lock;
    } catch (SQLException e) {
      throw new IllegalStateException("no connection for a rebuild's lock", e);
    }
  }

  private boolean take(String projection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select pg_try_advisory_lock(hashtext('kontor.rebuild'), hashtext(?))")) {
      statement.setString(1, projection);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  @Override
  public void close() {
    try (connection;
        var statement = connection.createStatement()) {
      statement.execute("select pg_advisory_unlock_all()");
    } catch (SQLException e) {
      // the connection is gone, and the lock with it
    }
  }
}
