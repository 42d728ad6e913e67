package io.kontor.postgres;

import io.kontor.database.DatabaseLogin;
import javax.sql.DataSource;

/**
 * An alternative server for {@link TestDatabase}s: a service on the test's class path. It starts
 * once per JVM and stops with it.
 */
public interface PostgresServerProvider {

  /** Whether this provider applies in the current environment. */
  boolean isToBeUsed();

  /** Starts the server, with the three logins. */
  void start();

  /** Connections that may create databases. */
  DataSource superuser();

  /** A database's URL, without a user. */
  String jdbcUrl(String database);

  /** The password of a login. */
  String password(DatabaseLogin login);
}
