package io.kontor.testsupport;

import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.PostgresServerProvider;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** PostgreSQL in a container with the three logins, when tests use containers. */
public final class PostgresContainerProvider implements PostgresServerProvider {
  private static final String IMAGE = "postgres:18";

  private final Map<DatabaseLogin, String> passwords = new EnumMap<>(DatabaseLogin.class);
  private @Nullable PostgreSQLContainer server;

  /** For the service loader. */
  public PostgresContainerProvider() {}

  @Override
  public boolean isToBeUsed() {
    return ContainerSupport.areUsed();
  }

  @Override
  @SuppressWarnings("resource") // lives as long as the JVM
  public void start() {
    server =
        new PostgreSQLContainer(IMAGE)
            .withEnv(
                "POSTGRES_INITDB_ARGS",
                "--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8")
            .withCommand("postgres", "-c", "fsync=on", "-c", "max_connections=300");
    server.start();
    var random = new SecureRandom();
    try (var connection = superuser().getConnection();
        var statement = connection.createStatement()) {
      for (DatabaseLogin login : DatabaseLogin.values()) {
        byte[] password = new byte[24];
        random.nextBytes(password);
        passwords.put(login, Base64.getUrlEncoder().withoutPadding().encodeToString(password));
        statement.execute(
            "create role %s login password '%s' nosuperuser nocreatedb nocreaterole nobypassrls"
                .formatted(login.role(), passwords.get(login)));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public DataSource superuser() {
    var dataSource = new PGSimpleDataSource();
    dataSource.setUrl(running().getJdbcUrl());
    dataSource.setUser(running().getUsername());
    dataSource.setPassword(running().getPassword());
    return dataSource;
  }

  @Override
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(
            running().getHost(),
            running().getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
            database);
  }

  @Override
  public String password(DatabaseLogin login) {
    return Objects.requireNonNull(passwords.get(login));
  }

  private PostgreSQLContainer running() {
    return Objects.requireNonNull(server);
  }
}
