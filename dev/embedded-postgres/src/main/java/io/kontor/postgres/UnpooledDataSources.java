package io.kontor.postgres;

import io.kontor.database.schema.DatabaseSchema;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Data sources that open a connection on request and really close it. */
final class UnpooledDataSources {
  private UnpooledDataSources() {}

  static DataSource unpooled(String jdbcUrl, String user, String password) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setUrl(jdbcUrl);
    dataSource.setCurrentSchema(DatabaseSchema.SHARED.quoted());
    dataSource.setUser(user);
    dataSource.setPassword(password);
    return dataSource;
  }
}
