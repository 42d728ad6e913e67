package io.kontor.database;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The database. Outside profile {@code embedded} the address and the passwords are required.
 *
 * @param url JDBC URL of a PostgreSQL 18 database that the owner owns; required outside profile
 *     {@code embedded}
 * @param owner runs migrations at start, then its connection is closed
 * @param app serves requests
 * @param worker runs event processors and the append
 */
@ConfigurationProperties("kontor.db")
@Validated
record DatabaseProperties(
    @Nullable String url,
    @DefaultValue Owner owner,
    @DefaultValue @Valid App app,
    @DefaultValue @Valid Worker worker) {

  /**
   * @param user runs the migrations at start; its connection is closed before anything is served
   * @param password required outside profile {@code embedded}
   */
  record Owner(@DefaultValue("kontor_owner") String user, @Nullable String password) {}

  /**
   * @param user serves requests, one tenant a transaction
   * @param password required outside profile {@code embedded}
   * @param poolSize connections kept open at most
   * @param maxWaiting requests that may wait for a connection; more are answered 503 {@code
   *     database-unavailable} at once
   * @param tenantPercent of the connections, and of the waiting requests, that one tenant may have;
   *     more of its requests wait, then are answered 429 {@code too-many-requests}
   */
  record App(
      @DefaultValue("kontor_app") String user,
      @Nullable String password,
      @DefaultValue("20") @Min(1) int poolSize,
      @DefaultValue("1000") @Min(0) int maxWaiting,
      @DefaultValue("50") @Min(1) @Max(100) int tenantPercent) {}

  /**
   * @param user appends events, runs event processors and scheduled jobs
   * @param password required outside profile {@code embedded}
   * @param poolSize connections kept open at most
   */
  record Worker(
      @DefaultValue("kontor_worker") String user,
      @Nullable String password,
      @DefaultValue("20") @Min(1) int poolSize) {}
}
