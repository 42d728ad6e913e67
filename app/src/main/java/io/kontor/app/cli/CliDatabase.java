package io.kontor.app.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.kontor.app.database.Connecting;
import io.kontor.app.database.DatabaseTimeouts;
import io.kontor.postgres.DatabaseLogin;
import io.kontor.postgres.SchemaMigrator;
import io.kontor.postgres.SharedPostgres;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A bank's database, opened for a tool: the configured one, or the embedded one of a data folder,
 * also while the bank runs on it.
 */
public final class CliDatabase implements AutoCloseable {
  private static final int CONNECTIONS = 6;

  private final String url;
  private final Function<DatabaseLogin, Credentials> credentials;
  private final DatabaseTimeouts timeouts;
  private final @Nullable SharedPostgres embedded;
  private final Map<DatabaseLogin, HikariDataSource> pools = new EnumMap<>(DatabaseLogin.class);

  /** A login's name and password. */
  record Credentials(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  private CliDatabase(
      String url,
      Function<DatabaseLogin, Credentials> credentials,
      DatabaseTimeouts timeouts,
      @Nullable SharedPostgres embedded) {
    this.url = url;
    this.credentials = credentials;
    this.timeouts = timeouts;
    this.embedded = embedded;
  }

  static CliDatabase external(
      String url, Function<DatabaseLogin, Credentials> credentials, DatabaseTimeouts timeouts) {
    return new CliDatabase(url, credentials, timeouts, null);
  }

  static CliDatabase embedded(SharedPostgres postgres, DatabaseTimeouts timeouts) {
    var database =
        new CliDatabase(
            postgres.jdbcUrl(),
            login -> new Credentials(login.role(), postgres.password(login)),
            timeouts,
            postgres);
    if (!postgres.isShared()) {
      database.migrate();
    }
    return database;
  }

  /** Connections with the worker's login, which sees every tenant's events. */
  public DataSource worker() {
    return pool(DatabaseLogin.WORKER);
  }

  /** Connections with the login that serves requests, which sees one tenant's rows. */
  public DataSource app() {
    return pool(DatabaseLogin.APP);
  }

  /** Connections with the owner's login, which may change the schema. */
  public DataSource owner() {
    return pool(DatabaseLogin.OWNER);
  }

  /** Migrates the database to this version's schema. */
  public void migrate() {
    SchemaMigrator.run(connecting(DatabaseLogin.OWNER).unpooled("migration", timeouts.tool()));
  }

  private DataSource pool(DatabaseLogin login) {
    return pools.computeIfAbsent(login, this::open);
  }

  private HikariDataSource open(DatabaseLogin login) {
    return connecting(login).idlePool("tool-" + login.role(), CONNECTIONS, timeouts.tool());
  }

  private Connecting connecting(DatabaseLogin login) {
    Credentials of = credentials.apply(login);
    return new Connecting(url, of.user(), of.password(), timeouts);
  }

  @Override
  public void close() {
    pools.values().forEach(HikariDataSource::close);
    if (embedded != null) {
      embedded.close();
    }
  }
}
