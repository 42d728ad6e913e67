package io.kontor.projection.rebuild;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Advisory lock of the process that executes a rebuild. The database frees it when that process
 * dies, freezes or is unreachable. It avoids duplicate work; correctness depends on the rebuild's
 * row.
 */
final class RebuildLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RebuildLock.class);
  private static final long KEEP_ALIVE_SECONDS = 2;

  /** After this time without a statement the database ends the session and frees the lock. */
  private static final String SET_IDLE_TIMEOUT = "set idle_session_timeout = '15s'";

  private final Connection connection;
  private final CountDownLatch closed = new CountDownLatch(1);

  private RebuildLock(Connection connection) {
    this.connection = connection;
  }

  /** Locks some projections; null if another process has locked one of them. */
  static @Nullable RebuildLock tryTake(DataSource sessions, List<String> projections) {
    RebuildLock lock = null;
    try {
      Connection connection = sessions.getConnection();
      lock = new RebuildLock(connection);
      connection.setAutoCommit(true);
      lock.execute(SET_IDLE_TIMEOUT);
      for (String projection : projections.stream().sorted().toList()) {
        if (!lock.take(projection)) {
          lock.close();
          return null;
        }
      }
      Thread.ofVirtual().name("rebuild-lock").start(lock::keepAlive);
      return lock;
    } catch (SQLException e) {
      if (lock != null) {
        lock.close();
      }
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

  private void keepAlive() {
    try {
      while (!closed.await(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)) {
        execute("select 1");
      }
    } catch (SQLException e) {
      if (closed.getCount() > 0) {
        log.warn("rebuild lock lost cause={}", e.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try (connection) {
      execute("select pg_advisory_unlock_all()");
      execute("reset idle_session_timeout");
    } catch (SQLException e) {
      // the connection is gone, and the lock with it
    }
  }
}
