package io.kontor.database;

import io.kontor.database.schema.DatabaseSchema;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The database's URL, the schema with its tables, and its logins. */
public record DatabaseConnectionDetails(
    String url, DatabaseSchema schema, Credentials owner, Credentials app, Credentials worker) {

  /** A database with the shared schema. */
  public DatabaseConnectionDetails(
      String url, Credentials owner, Credentials app, Credentials worker) {
    this(url, DatabaseSchema.SHARED, owner, app, worker);
  }

  /** Another schema of the same database. */
  public DatabaseConnectionDetails in(DatabaseSchema other) {
    return new DatabaseConnectionDetails(url, other, owner, app, worker);
  }

  /** Opens connections of a login. */
  public DatabaseConnector connector(Credentials login, DatabaseTimeouts timeouts) {
    return new DatabaseConnector(url, schema, login.user(), login.password(), timeouts);
  }

  /** A login's name and password. */
  public record Credentials(String user, String password) {
    /**
     * @throws NullPointerException when there is no password
     */
    public static Credentials of(String user, @Nullable String password) {
      return new Credentials(user, Objects.requireNonNull(password));
    }

    @Override
    public String toString() {
      return user;
    }
  }
}
