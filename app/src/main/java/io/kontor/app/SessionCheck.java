package io.kontor.app;

import io.kontor.app.startup.StartupRejectedException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Finds a pooler that gives each transaction another session, as PgBouncer does in transaction
 * mode. Advisory locks, LISTEN and a session's settings do not survive there, and none of them
 * fails.
 */
final class SessionCheck {
  private static final int ROUNDS = 5;
  private static final String MARK = "kontor.session_check";

  private SessionCheck() {}

  /**
   * Uses two connections in turn: each must keep a session of its own.
   *
   * @throws StartupRejectedException when they don't
   */
  static void check(DataSource serving) {
    try (Connection one = serving.getConnection();
        Connection other = serving.getConnection()) {
      one.setAutoCommit(true);
      other.setAutoCommit(true);
      String pid = ask(one, "select pg_backend_pid()");
      String otherPid = ask(other, "select pg_backend_pid()");
      ask(one, "select set_config('%s', '%s', false)".formatted(MARK, pid));
      for (int round = 0; round < ROUNDS; round++) {
        require(ask(other, "select pg_backend_pid()").equals(otherPid));
        require(ask(one, "select pg_backend_pid()").equals(pid));
        require(!otherPid.equals(pid));
      }
      require(ask(one, "select current_setting('%s', true)".formatted(MARK)).equals(pid));
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not let its serving login in", e);
    }
  }

  private static void require(boolean keptApart) {
    if (!keptApart) {
      throw new StartupRejectedException(
          "connections to the database do not keep their sessions: a pooler in transaction mode is"
              + " in between, use session mode or connect to PostgreSQL itself");
    }
  }

  private static String ask(Connection connection, String question) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(question)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
