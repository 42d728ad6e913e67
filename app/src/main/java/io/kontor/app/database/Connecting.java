package io.kontor.app.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Makes connections of one login, none of which waits without end for a database that is silent.
 *
 * @param url a JDBC URL; what it says about timeouts is overridden
 */
public record Connecting(String url, String user, String password, DatabaseTimeouts timeouts) {
  /** In which an idle connection has to show that it stands, before it is lent. */
  private static final Duration VALIDATION = Duration.ofSeconds(1);

  /** The database, for its part, notices within some ten seconds that a node's machine is gone. */
  private static final String SESSION =
      "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
          + " -c idle_in_transaction_session_timeout=%d";

  @Override
  public String toString() {
    return user;
  }

  /**
   * Connections that are opened when asked for and really closed, for those who hold one for long.
   *
   * @param name by which the database shows them
   * @param socket how long an answer may take
   */
  public DataSource unpooled(String name, Duration socket) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setUrl(url);
    dataSource.setUser(user);
    dataSource.setPassword(password);
    dataSource.setApplicationName("kontor-" + name);
    // The detail of a violated constraint is the row, which no log has to know.
    dataSource.setLogServerErrorDetail(false);
    dataSource.setTcpKeepAlive(true);
    dataSource.setConnectTimeout(seconds(timeouts.connect()));
    dataSource.setLoginTimeout(seconds(timeouts.connect()));
    dataSource.setSocketTimeout(seconds(socket));
    String given = dataSource.getOptions();
    String ours = SESSION.formatted(timeouts.idleInTransaction().toMillis());
    dataSource.setOptions(given == null ? ours : given + " " + ours);
    return dataSource;
  }

  /**
   * Connections that are lent.
   *
   * @param size how many at most
   * @param socket how long an answer may take
   */
  public HikariDataSource pool(String name, int size, Duration socket) {
    HikariConfig config = poolConfig(name, size, socket);
    return new HikariDataSource(config);
  }

  /** The same, with none kept open while there is nothing to do. */
  public HikariDataSource idlePool(String name, int size, Duration socket) {
    HikariConfig config = poolConfig(name, size, socket);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  private HikariConfig poolConfig(String name, int size, Duration socket) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(unpooled(name, socket));
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(timeouts.pool().toMillis());
    config.setValidationTimeout(VALIDATION.toMillis());
    return config;
  }

  private static int seconds(Duration timeout) {
    return Math.toIntExact(timeout.plusMillis(999).toSeconds());
  }
}
