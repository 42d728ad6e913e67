package io.kontor.postgres;

import io.kontor.database.LocalDatabaseException;
import java.nio.file.Path;

/** The embedded server did not start; the message ends with its log. */
public final class PostgresStartException extends LocalDatabaseException {
  PostgresStartException(Path folder, String log, Exception cause) {
    super(
        "PostgreSQL in %s does not start: %s%n%s".formatted(folder, cause.getMessage(), log),
        cause);
  }
}
