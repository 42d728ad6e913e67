package io.kontor.database;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Detects a pooler that gives each transaction another session, as PgBouncer does in transaction
 * mode. There advisory locks, LISTEN and session settings are lost without an error.
 */
public final class SessionCheck {
  private static final int ROUNDS = 5;
  private static final String MARK = "kontor.session_check";

  private SessionCheck() {}

  /**
   * Alternates between two connections: each must keep its own session.
   *
   * @throws UnsuitableDatabaseException when a session changes
   */
  public static void check(DataSource serving) {
    try (Connection one = serving.getConnection();
        Connection other = serving.getConnection()) {
      one.setAutoCommit(true);
      other.setAutoCommit(true);
      String pid = query(one, "select pg_backend_pid()");
      String otherPid = query(other, "select pg_backend_pid()");
      query(one, "select set_config('%s', '%s', false)".formatted(MARK, pid));
      for (int round = 0; round < ROUNDS; round++) {
        require(query(other, "select pg_backend_pid()").equals(otherPid));
        require(query(one, "select pg_backend_pid()").equals(pid));
        require(!otherPid.equals(pid));
      }
      require(query(one, "select current_setting('%s', true)".formatted(MARK)).equals(pid));
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not let its serving login in", e);
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new UnsuitableDatabaseException(
          "connections to the database do not keep their sessions: a pooler in transaction mode is"
              + " in between, use session mode or connect to PostgreSQL itself");
    }
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
