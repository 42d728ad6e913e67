package io.kontor.projections.engine;

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
 * Kept by the process that works on a rebuild, and by the database freed when that process dies,
 * freezes or can't be reached. It saves doing things twice; that nothing is done twice is seen to
 * by the rebuild's own row.
 */
final class RebuildLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RebuildLock.class);
  private static final long BEAT_SECONDS = 2;

  /** The database ends a session that was silent for so long, and with it the lock. */
  private static final String SILENCE = "set idle_session_timeout = '15s'";

  private final Connection connection;
  private final CountDownLatch closed = new CountDownLatch(1);

  private RebuildLock(Connection connection) {
    this.connection = connection;
  }

  /** The lock on some projections; null when another process has one of them. */
  static @Nullable RebuildLock tryTake(DataSource sessions, List<String> projections) {
    RebuildLock lock = null;
    try {
      Connection connection = sessions.getConnection();
      lock = new RebuildLock(connection);
      connection.setAutoCommit(true);
      lock.execute(SILENCE);
      for (String projection : projections.stream().sorted().toList()) {
        if (!lock.take(projection)) {
          lock.close();
          return null;
        }
      }
      Thread.ofVirtual().name("rebuild-lock").start(lock::beat);
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

  private void beat() {
    try {
      while (!closed.await(BEAT_SECONDS, TimeUnit.SECONDS)) {
        execute("select 1");
      }
    } catch (SQLException e) {
      if (closed.getCount() > 0) {
        log.warn("rebuild lock lost: {}", e.getMessage());
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
