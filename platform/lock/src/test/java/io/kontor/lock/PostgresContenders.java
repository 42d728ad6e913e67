package io.kontor.lock;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.DatabaseLogin;
import io.kontor.lock.LeaseHistory.Recorder;
import io.kontor.lock.postgres.Fence;
import io.kontor.lock.postgres.PostgresLeaseLock;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * Program: contenders for a lease in PostgreSQL that write rows with their fencing numbers.
 * Arguments: JDBC URL, password, file of its history, number of contenders, seed, TTL in
 * milliseconds.
 */
final class PostgresContenders {
  private PostgresContenders() {}

  public static void main(String[] arguments) throws Exception {
    var config = new HikariConfig();
    config.setJdbcUrl(arguments[0]);
    config.setSchema("kontor");
    config.setUsername(DatabaseLogin.WORKER.role());
    config.setPassword(arguments[1]);
    config.setMaximumPoolSize(6);
    // As Kontor does: a process that is paused in a transaction loses it.
    config.setConnectionInitSql("set idle_in_transaction_session_timeout = '2s'");
    try (var connections = new HikariDataSource(config);
        var recorder = new Recorder(Path.of(arguments[2]))) {
      new Contenders(
              new PostgresLeaseLock(connections),
              Duration.ofMillis(Long.parseLong(arguments[5])),
              recorder,
              lease -> writeUnder(lease, connections))
          .run(
              Long.toString(ProcessHandle.current().pid()),
              Integer.parseInt(arguments[3]),
              Long.parseLong(arguments[4]));
    }
  }

  static void writeUnder(Lease lease, DataSource connections) throws Exception {
    try (Connection connection = connections.getConnection()) {
      connection.setAutoCommit(false);
      try (var insert =
          connection.prepareStatement("insert into kontor.written (fence) values (?)")) {
        Fence.check(connection, List.of(lease));
        insert.setLong(1, lease.fencingNumber().orElseThrow());
        insert.execute();
        connection.commit();
      } catch (LeaseLostException refused) {
        connection.rollback();
        throw refused;
      }
    }
  }
}
