package io.kontor.database;

/**
 * The database logins. None is a superuser, bypasses row-level security or is a member of another.
 */
public enum DatabaseLogin {
  /** Owns the schema and runs migrations; no serving process keeps its password. */
  OWNER("kontor_owner"),
  /** Serves requests. */
  APP("kontor_app"),
  /** Runs event processors and appends events. */
  WORKER("kontor_worker");

  private final String role;

  DatabaseLogin(String role) {
    this.role = role;
  }

  /** The login's name in the database. */
  public String role() {
    return role;
  }
}
