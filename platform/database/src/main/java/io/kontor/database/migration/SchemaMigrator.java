package io.kontor.database.migration;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Migrates a database to the schema of the modules on the class path. */
public final class SchemaMigrator {
  private SchemaMigrator() {}

  /**
   * Runs the pending migrations in {@code db/migration}.
   *
   * @param owner connections of {@link DatabaseLogin#OWNER}
   * @return how many migrations ran
   */
  public static int run(DataSource owner) {
    return Flyway.configure()
        .dataSource(owner)
        .locations("classpath:db/migration")
        .defaultSchema("kontor")
        .validateMigrationNaming(true)
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
