package io.kontor.postgres;

import io.kontor.database.LocalDatabase;
import java.nio.file.Path;

/** Opens the embedded PostgreSQL of a data folder for a tool. */
public final class EmbeddedDatabaseProvider implements LocalDatabase.Provider {
  @Override
  public boolean existsIn(Path folder) {
    return SharedPostgres.existsIn(folder);
  }

  @Override
  public LocalDatabase open(Path folder) {
    return SharedPostgres.of(folder);
  }
}
