package io.kontor.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.schema.DatabaseSchema;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens connections of one login, all with timeouts against a database that does not respond.
 *
 * @param url a JDBC URL; its timeouts and its schema are overridden
 * @param schema the only one in which statements find tables
 */
public record DatabaseConnector(
    String url, DatabaseSchema schema, String user, String password, DatabaseTimeouts timeouts) {
  /** Time limit for validating an idle connection before it is used. */
  private static final Duration VALIDATION = Duration.ofSeconds(1);

  /** With these the database notices within about ten seconds that a node's machine is gone. */
  private static final String SESSION =
      "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
          + " -c idle_in_transaction_session_timeout=%d -c statement_timeout=%d"
          + " -c search_path=%s";

  @Override
  public String toString() {
    return user;
  }

  /**
   * Connections without a pool, for components that hold one for long.
   *
   * @param name part of the application name that the database shows
   * @param socket timeout for a response, after which the database ends the statement, too
   */
  public DataSource unpooled(String name, Duration socket) {
    return unpooled(name, socket, socket);
  }

  /**
   * The same, with a shorter time for a statement: the database reports that it took too long, and
   * the connection stays.
   *
   * @param statement timeout for a statement, which the database ends
   * @param socket timeout for a response, after which the connection is closed
   */
  public DataSource unpooled(String name, Duration statement, Duration socket) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setUrl(url);
    dataSource.setCurrentSchema(null); // a later setting than the options
    dataSource.setUser(user);
    dataSource.setPassword(password);
    dataSource.setApplicationName("kontor-" + name);
    // The detail of a violated constraint contains the row, which must not be logged.
    dataSource.setLogServerErrorDetail(false);
    dataSource.setTcpKeepAlive(true);
    dataSource.setConnectTimeout(seconds(timeouts.connect()));
    dataSource.setLoginTimeout(seconds(timeouts.connect()));
    dataSource.setSocketTimeout(seconds(socket));
    String given = dataSource.getOptions();
    String ours =
        SESSION.formatted(
            timeouts.idleInTransaction().toMillis(), statement.toMillis(), schema.quoted());
    dataSource.setOptions(given == null ? ours : given + " " + ours);
    return dataSource;
  }

  /**
   * A pool of connections.
   *
   * @param size maximum number of connections
   * @param socket timeout for a response
   */
  public HikariDataSource pool(String name, int size, Duration socket) {
    return new HikariDataSource(poolSettings(name, size, socket, socket));
  }

  /** A pool that keeps no idle connections. */
  public HikariDataSource idlePool(String name, int size, Duration socket) {
    HikariConfig settings = poolSettings(name, size, socket, socket);
    settings.setMinimumIdle(0);
    return new HikariDataSource(settings);
  }

  /**
   * The settings of a pool whose statements have a shorter time than a response.
   *
   * @param size maximum number of connections
   * @param statement timeout for a statement, which the database ends
   * @param socket timeout for a response, after which the connection is closed
   */
  public HikariConfig poolSettings(String name, int size, Duration statement, Duration socket) {
    var settings = new HikariConfig();
    settings.setPoolName(name);
    settings.setDataSource(unpooled(name, statement, socket));
    settings.setMaximumPoolSize(size);
    settings.setConnectionTimeout(timeouts.pool().toMillis());
    settings.setValidationTimeout(VALIDATION.toMillis());
    return settings;
  }

  private static int seconds(Duration timeout) {
    return Math.toIntExact(timeout.plusMillis(999).toSeconds());
  }
}
