package io.kontor.app.cell;

import static java.util.stream.Collectors.joining;

import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.DatabaseConnectionDetails.Credentials;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.database.migration.SchemaMigrator;
import io.kontor.eventstore.event.StoreBinding;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredCell;
import io.kontor.tenancy.registry.TenantIsolation;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database of a cell, or its schema in the shared one.
 *
 * @param isolation {@code SCHEMA} or {@code DATABASE}
 * @param address what the registry shows of it
 * @param secret the prefix of the settings with its passwords
 */
public record CellDatabase(
    TenantIsolation isolation, String address, String secret, DatabaseConnectionDetails details) {
  private static final int CONNECTIONS = 4;

  /**
   * Opens and closes a connection: cheaper than to begin a cell that can't be.
   *
   * @throws IllegalStateException with the reason when the database can't be reached
   */
  void requireReachable(DatabaseTimeouts timeouts) {
    try {
      owner(timeouts, timeouts.connect()).getConnection().close();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Migrates it to this version's schema, and binds it to the tenant. */
  void prepare(TenantId tenant, DatabaseTimeouts timeouts) {
    DataSource owner = owner(timeouts, timeouts.tool());
    SchemaMigrator.run(owner, details.schema());
    StoreBinding.ofCell(tenant.value()).required().run(owner);
  }

  /** Whether it is bound to the tenant. */
  boolean isOf(TenantId tenant, DatabaseTimeouts timeouts) {
    DataSource owner = owner(timeouts, timeouts.tool());
    boolean isCell =
        JdbcClient.create(owner)
            .sql("select to_regclass('event_home') is not null")
            .query(Boolean.class)
            .single();
    return isCell && StoreBinding.of(owner).equals(StoreBinding.ofCell(tenant.value()));
  }

  /** Removes all that a cell keeps; the database itself stays. */
  void empty(DatabaseTimeouts timeouts) {
    JdbcClient.create(owner(timeouts, timeouts.tool()))
        .sql(
            "drop schema if exists %s cascade"
                .formatted(details.schema().withGenerations().collect(joining(", "))))
        .update();
  }

  /** A few connections of a login, for as long as one task takes. */
  HikariDataSource connections(Credentials login, DatabaseTimeouts timeouts) {
    return details.connector(login, timeouts).idlePool("cell", CONNECTIONS, timeouts.tool());
  }

  private DataSource owner(DatabaseTimeouts timeouts, Duration statement) {
    return details.connector(details.owner(), timeouts).unpooled("cell", statement);
  }

  /** How the register shows it. */
  RegisteredCell of(TenantId tenant) {
    return new RegisteredCell(tenant, isolation, address, secret);
  }
}
