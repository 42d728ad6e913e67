package io.kontor.database.migration;

import io.kontor.database.schema.DatabaseSchema;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Migrates a database to the schema of the modules on the class path. */
public final class SchemaMigrator {
  private static final String LOCATION = "classpath:db/migration";

  private SchemaMigrator() {}

  /**
   * Runs the pending migrations in {@code db/migration} on the shared schema.
   *
   * @param owner connections of {@link io.kontor.database.DatabaseLogin#OWNER}
   * @return how many migrations ran
   */
  public static int run(DataSource owner) {
    return run(owner, DatabaseSchema.SHARED);
  }

  /**
   * Runs the pending migrations in {@code db/migration} on a schema, which keeps its own record of
   * them.
   *
   * @param owner connections of {@link io.kontor.database.DatabaseLogin#OWNER}
   * @return how many migrations ran
   */
  public static int run(DataSource owner, DatabaseSchema schema) {
    FluentConfiguration configuration =
        Flyway.configure()
            .dataSource(owner)
            .locations(LOCATION)
            .defaultSchema(schema.name())
            .validateMigrationNaming(true);
    if (!schema.equals(DatabaseSchema.SHARED)) {
      configuration.resourceProvider(new MigrationsOfSchema(schema));
    }
    return configuration.load().migrate().migrationsExecuted;
  }
}
