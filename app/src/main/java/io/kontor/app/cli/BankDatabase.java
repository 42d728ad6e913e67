package io.kontor.app.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.postgres.Login;
import io.kontor.postgres.Migration;
import io.kontor.postgres.SharedPostgres;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The database of a bank, opened for a tool: the configured one, or the embedded one of a data
 * folder, whether the bank runs there or not.
 */
public final class BankDatabase implements AutoCloseable {
  private static final int CONNECTIONS = 6;

  private final String url;
  private final Function<Login, Credentials> credentials;
  private final @Nullable SharedPostgres embedded;
  private final Map<Login, HikariDataSource> pools = new EnumMap<>(Login.class);

  /** A login's name and password. */
  record Credentials(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  private BankDatabase(
      String url, Function<Login, Credentials> credentials, @Nullable SharedPostgres embedded) {
    this.url = url;
    this.credentials = credentials;
    this.embedded = embedded;
  }

  static BankDatabase external(String url, Function<Login, Credentials> credentials) {
    return new BankDatabase(url, credentials, null);
  }

  static BankDatabase embedded(SharedPostgres postgres) {
    var database =
        new BankDatabase(
            postgres.jdbcUrl(),
            login -> new Credentials(login.role(), postgres.password(login)),
            postgres);
    if (!postgres.isShared()) {
      database.migrate();
    }
    return database;
  }

  /** Connections as event processors work with: they see every tenant's events. */
  public DataSource worker() {
    return pool(Login.WORKER);
  }

  /** Connections as requests are served with: they see one tenant's rows. */
  public DataSource app() {
    return pool(Login.APP);
  }

  /** Connections that may change the schema. */
  public DataSource owner() {
    return pool(Login.OWNER);
  }

  /** Brings the database to this version's schema. */
  void migrate() {
    var owner = new PGSimpleDataSource();
    owner.setUrl(url);
    owner.setUser(credentials.apply(Login.OWNER).user());
    owner.setPassword(credentials.apply(Login.OWNER).password());
    Migration.run(owner);
  }

  private DataSource pool(Login login) {
    return pools.computeIfAbsent(login, this::open);
  }

  private HikariDataSource open(Login login) {
    var config = new HikariConfig();
    config.setPoolName("tool-" + login.role());
    config.setJdbcUrl(url);
    config.setUsername(credentials.apply(login).user());
    config.setPassword(credentials.apply(login).password());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    config.addDataSourceProperty("ApplicationName", "kontor-tool");
    config.addDataSourceProperty("logServerErrorDetail", "false");
    return new HikariDataSource(config);
  }

  @Override
  public void close() {
    pools.values().forEach(HikariDataSource::close);
    if (embedded != null) {
      embedded.close();
    }
  }
}
