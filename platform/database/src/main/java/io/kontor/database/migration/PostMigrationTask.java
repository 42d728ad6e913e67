package io.kontor.database.migration;

import javax.sql.DataSource;

/** Runs with the owner's rights between the migration and the opening of the first pool. */
@FunctionalInterface
public interface PostMigrationTask {
  /**
   * @param owner unpooled connections of the login that owns the schema
   * @throws io.kontor.database.UnsuitableDatabaseException when this program must not serve from
   *     the database
   */
  void run(DataSource owner);
}
