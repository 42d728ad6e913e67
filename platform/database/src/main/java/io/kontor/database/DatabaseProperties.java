package io.kontor.database;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The database. Outside profile {@code embedded} the address and the passwords are required.
 *
 * @param url a JDBC URL of PostgreSQL
 * @param owner runs migrations at start, then its connection is closed
 * @param app serves requests
 * @param worker runs event processors and the append
 */
@ConfigurationProperties("kontor.db")
record DatabaseProperties(
    @Nullable String url,
    @DefaultValue Owner owner,
    @DefaultValue App app,
    @DefaultValue Worker worker) {

  record Owner(@DefaultValue("kontor_owner") String user, @Nullable String password) {}

  /**
   * @param poolSize connections kept open at most
   */
  record App(
      @DefaultValue("kontor_app") String user,
      @Nullable String password,
      @DefaultValue("20") int poolSize) {}

  /**
   * @param poolSize connections kept open at most
   */
  record Worker(
      @DefaultValue("kontor_worker") String user,
      @Nullable String password,
      @DefaultValue("20") int poolSize) {}
}
