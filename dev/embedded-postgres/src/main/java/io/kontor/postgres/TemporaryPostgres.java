package io.kontor.postgres;

import io.kontor.database.DatabaseLogin;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The embedded server for tests; its data is deleted when the JVM ends. */
final class TemporaryPostgres implements PostgresServerProvider {
  private @Nullable EmbeddedPostgres server;

  @Override
  public boolean isToBeUsed() {
    return true;
  }

  @Override
  public void start() {
    server = EmbeddedPostgres.startTemporary();
  }

  @Override
  public DataSource superuser() {
    return running().superuser();
  }

  @Override
  public String jdbcUrl(String database) {
    return running().jdbcUrl(database);
  }

  @Override
  public String password(DatabaseLogin login) {
    return running().password(login);
  }

  private EmbeddedPostgres running() {
    return Objects.requireNonNull(server);
  }
}
