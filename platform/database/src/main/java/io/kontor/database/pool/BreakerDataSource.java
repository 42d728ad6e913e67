package io.kontor.database.pool;

import io.kontor.database.breaker.DatabaseBreaker;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Opens the connections of a pool, but none while the breaker is open: HikariCP tries less and less
 * often, up to once in 5 s, and would notice late that the database is back. When a pool without
 * connections can't open one, that is a failure for the breaker, so that callers need not wait for
 * one to find out.
 */
final class BreakerDataSource extends DelegatingDataSource {
  /** Five failures take a second, which is as long as a restart may take. */
  private static final long AFTER_FAILURE_MILLIS = 200;

  private final DatabaseBreaker breaker;
  private final BooleanSupplier isEmpty;

  /**
   * @param isEmpty whether the pool has no connection
   */
  BreakerDataSource(DataSource connections, DatabaseBreaker breaker, BooleanSupplier isEmpty) {
    super(connections);
    this.breaker = breaker;
    this.isEmpty = isEmpty;
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      breaker.awaitTrials();
      try {
        return super.getConnection();
      } catch (SQLException away) {
        if (isEmpty.getAsBoolean()) {
          breaker.failed(away);
        }
        Thread.sleep(AFTER_FAILURE_MILLIS);
        throw away;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while opening a connection", e);
    }
  }
}
