package io.kontor.database;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The database's URL and its logins. */
public record DatabaseConnectionDetails(
    String url, Credentials owner, Credentials app, Credentials worker) {

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
