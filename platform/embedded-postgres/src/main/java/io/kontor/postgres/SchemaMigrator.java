package io.kontor.postgres;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the schema that this class path's modules describe. */
public final class SchemaMigrator {
  private SchemaMigrator() {}

  /**
   * Runs what is new in {@code db/migration}.
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
