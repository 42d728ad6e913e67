package io.kontor.app.cell;

import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.tenancy.registry.TenantIsolation;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connections to the tables that a tenant moves out of or into. */
final class Placement implements AutoCloseable {
  private final @Nullable CellDatabase cell;
  private final DataSource app;
  private final DataSource worker;

  private Placement(@Nullable CellDatabase cell, DataSource app, DataSource worker) {
    this.cell = cell;
    this.app = app;
    this.worker = worker;
  }

  /** The tables that tenants without a cell share. */
  static Placement shared(SharedDatabase shared) {
    return new Placement(null, shared.app(), shared.worker());
  }

  /** The tables of a cell, over connections of their own. */
  static Placement of(CellDatabase cell, DatabaseTimeouts timeouts) {
    return new Placement(
        cell,
        cell.connections(cell.details().app(), timeouts),
        cell.connections(cell.details().worker(), timeouts));
  }

  TenantIsolation isolation() {
    return cell == null ? TenantIsolation.ROW : cell.isolation();
  }

  /** The cell's schema or database; null for the shared tables. */
  @Nullable CellDatabase cell() {
    return cell;
  }

  /** Connections of the login that serves requests. */
  DataSource app() {
    return app;
  }

  /** Connections of the login of event processors and jobs. */
  DataSource worker() {
    return worker;
  }

  @Override
  public void close() {
    close(app);
    close(worker);
  }

  private void close(DataSource pool) {
    if (cell != null && pool instanceof HikariDataSource own) {
      own.close();
    }
  }
}
