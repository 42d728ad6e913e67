package io.kontor.postgres;

import javax.sql.DataSource;

/**
 * A PostgreSQL that {@link TestDatabase}s are made on, if it is not the embedded one: a service,
 * which a test's class path may bring. It is started once a JVM and ends with it.
 */
public interface PostgresServerProvider {

  /** Whether it wants to be used, here and now. */
  boolean isToBeUsed();

  /** Starts it, with the three logins. */
  void start();

  /** Connections that may create databases. */
  DataSource superuser();

  /** Where a database is, without a user. */
  String jdbcUrl(String database);

  /** The password of a login. */
  String password(DatabaseLogin login);
}
