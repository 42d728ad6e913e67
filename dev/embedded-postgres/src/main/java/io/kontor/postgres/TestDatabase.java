package io.kontor.postgres;

import io.kontor.database.DatabaseLogin;
import io.kontor.database.migration.SchemaMigrator;
import java.sql.SQLException;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * An empty, migrated database for a test, on one temporary server per JVM: the embedded one, unless
 * a {@link PostgresServerProvider} applies. It is copied from a template, which takes some ten
 * milliseconds.
 */
public final class TestDatabase implements AutoCloseable {
  private static final String TEMPLATE = "kontor_template";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;

  private TestDatabase(String name) {
    this.name = name;
  }

  /** Creates a database with every migration of the class path applied. */
  public static TestDatabase create() {
    String name = "kontor_" + COUNT.incrementAndGet();
    execute(DatabaseProvisioner.create(name, TEMPLATE).toArray(String[]::new));
    return new TestDatabase(name);
  }

  /** Connections that may change the schema. */
  public DataSource owner() {
    return dataSource(DatabaseLogin.OWNER);
  }

  /** Connections with the login that serves requests. */
  public DataSource app() {
    return dataSource(DatabaseLogin.APP);
  }

  /** Connections with the login of event processors. */
  public DataSource worker() {
    return dataSource(DatabaseLogin.WORKER);
  }

  /** Unpooled connections of a login. */
  public DataSource dataSource(DatabaseLogin login) {
    return UnpooledDataSources.unpooled(jdbcUrl(), login.role(), password(login));
  }

  /** The password of a login, for programs that open their own connections. */
  public String password(DatabaseLogin login) {
    return Server.RUNNING.password(login);
  }

  /** The database's URL, without a user. */
  public String jdbcUrl() {
    return Server.RUNNING.jdbcUrl(name);
  }

  /** Drops the database and closes remaining connections. */
  @Override
  public void close() {
    execute("drop database if exists %s with (force)".formatted(name));
  }

  private static void execute(String... statements) {
    try (var connection = Server.RUNNING.superuser().getConnection();
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Started on first use, stopped with the JVM. */
  private static final class Server {
    static final PostgresServerProvider RUNNING = startMigrated();

    private static PostgresServerProvider startMigrated() {
      PostgresServerProvider server =
          ServiceLoader.load(PostgresServerProvider.class).stream()
              .map(ServiceLoader.Provider::get)
              .filter(PostgresServerProvider::isToBeUsed)
              .findFirst()
              .orElseGet(TemporaryPostgres::new);
      server.start();
      try (var connection = server.superuser().getConnection();
          var statement = connection.createStatement()) {
        for (String sql : DatabaseProvisioner.create(TEMPLATE, "template1")) {
          statement.execute(sql);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      SchemaMigrator.run(
          UnpooledDataSources.unpooled(
              server.jdbcUrl(TEMPLATE),
              DatabaseLogin.OWNER.role(),
              server.password(DatabaseLogin.OWNER)));
      return server;
    }
  }
}
