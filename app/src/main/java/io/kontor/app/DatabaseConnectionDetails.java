package io.kontor.app;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The database's URL and its logins. */
record DatabaseConnectionDetails(
    String url, Credentials owner, Credentials app, Credentials worker) {

  record Credentials(String user, String password) {
    static Credentials of(String user, @Nullable String password) {
      return new Credentials(user, Objects.requireNonNull(password));
    }

    @Override
    public String toString() {
      return user;
    }
  }
}
