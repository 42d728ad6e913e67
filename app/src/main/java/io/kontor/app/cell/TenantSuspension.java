package io.kontor.app.cell;

import io.kontor.eventstore.read.WriterLock;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredCell;
import io.kontor.tenancy.registry.TenantIsolation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Suspends a tenant's changes: in the register, which nodes read, and in the tables that the tenant
 * moves out of. The writer of events reads there under its lock whether a tenant is suspended or
 * away, so after {@link #begin} none of its events is appended. A suspension ends by itself, so
 * that one whose process was killed does not last.
 */
final class TenantSuspension {
  private static final String SUSPEND = "suspended_until = clock_timestamp() + interval '%s'";
  private static final String EXTEND =
      "suspended_until = greatest(suspended_until, clock_timestamp() + interval '30 s')";
  private static final String RESUME = "suspended_until = null";
  private static final String STILL_SUSPENDED = " and suspended_until > clock_timestamp()";

  private final TenantId tenant;
  private final TenantIsolation from;
  private final DataSource register;
  private final DataSource source;

  /**
   * @param from where the tenant is
   * @param register the worker's login to the shared tables
   * @param source the worker's login to the tables that the tenant is in
   */
  TenantSuspension(TenantId tenant, TenantIsolation from, DataSource register, DataSource source) {
    this.tenant = tenant;
    this.from = from;
    this.register = register;
    this.source = source;
  }

  /**
   * Suspends the tenant's changes for half a minute, unless it is extended.
   *
   * @throws IllegalStateException when the tenant is not there any more
   */
  void begin() throws SQLException {
    change(SUSPEND.formatted("30 s"), "");
  }

  /**
   * Lets the suspension last for half a minute from now at least.
   *
   * @throws IllegalStateException when it has ended by itself
   */
  void extend() throws SQLException {
    change(EXTEND, STILL_SUSPENDED);
  }

  /**
   * Has the writer of a cell refuse the tenant's events until well after the switch, which is
   * another transaction than the one that ends the cell.
   */
  void outlastSwitch() throws SQLException {
    if (from.isCell()) {
      changeInCell(SUSPEND.formatted("10 min"));
    }
  }

  /** Ends the suspension. */
  void end() throws SQLException {
    change(RESUME, "");
  }

  /**
   * Holds off other attempts at moving the tenant until the transaction on the register ends.
   *
   * @return false if one is about to switch, or has
   */
  boolean holdOffOthers(Connection transaction) throws SQLException {
    try (var lock =
        transaction.prepareStatement(
            "select from tenant where tenant_id = ? and isolation = ? and suspended_until is null"
                + " for update")) {
      lock.setString(1, tenant.value());
      lock.setString(2, from.name());
      try (ResultSet row = lock.executeQuery()) {
        return row.next();
      }
    }
  }

  /**
   * Switches, in a transaction on the register that has the writer lock.
   *
   * @param to the tenant's cell from now on; null for the shared tables
   * @throws IllegalStateException when the tenant is not there any more, or the suspension has
   *     ended by itself
   */
  void switchTo(@Nullable RegisteredCell to, Connection transaction) throws SQLException {
    TenantIsolation isolation = to == null ? TenantIsolation.ROW : to.isolation();
    changeRegister(
        RESUME + ", isolation = '%s'".formatted(isolation), STILL_SUSPENDED, transaction);
    if (from.isCell()) {
      execute(
          """
          insert into former_cell (tenant_id, isolation, address, secret)
          select tenant_id, isolation, address, secret from cell where tenant_id = ?
          """,
          transaction);
      execute("delete from cell where tenant_id = ?", transaction);
    }
    if (to != null) {
      try (var cell =
          transaction.prepareStatement(
              "insert into cell (tenant_id, isolation, address, secret) values (?, ?, ?, ?)")) {
        cell.setString(1, to.tenant().value());
        cell.setString(2, to.isolation().name());
        cell.setString(3, to.address());
        cell.setString(4, to.secret());
        cell.executeUpdate();
      }
    }
  }

  /** Has the writer of a cell that the tenant has left refuse its events for good. */
  static void endCell(TenantId tenant, Connection transaction) throws SQLException {
    try (var update =
        transaction.prepareStatement(
            "update tenant set suspended_until = 'infinity' where tenant_id = ?")) {
      update.setString(1, tenant.value());
      update.executeUpdate();
    }
  }

  /** Waits for an append under way; until the transaction ends, there is none. */
  static void takeWriterLock(Connection transaction) throws SQLException {
    try (var lock = transaction.createStatement()) {
      lock.execute("select pg_advisory_xact_lock(%s)".formatted(WriterLock.KEY));
    }
  }

  private void change(String values, String condition) throws SQLException {
    try (Connection own = register.getConnection()) {
      own.setAutoCommit(false);
      takeWriterLock(own);
      changeRegister(values, condition, own);
      own.commit();
    }
    if (from.isCell()) {
      changeInCell(values);
    }
  }

  private void changeInCell(String values) throws SQLException {
    try (Connection own = source.getConnection()) {
      own.setAutoCommit(false);
      takeWriterLock(own);
      execute("update tenant set %s where tenant_id = ?".formatted(values), own);
      own.commit();
    }
  }

  private void changeRegister(String values, String condition, Connection transaction)
      throws SQLException {
    try (var update =
        transaction.prepareStatement(
            "update tenant set "
                + values
                + ", placed_at = clock_timestamp()"
                + " where tenant_id = ? and isolation = ? and closed_at is null"
                + condition)) {
      update.setString(1, tenant.value());
      update.setString(2, from.name());
      if (update.executeUpdate() != 1) {
        throw new IllegalStateException("the tenant's place or suspension is not as it was");
      }
    }
  }

  private void execute(String sql, Connection transaction) throws SQLException {
    try (var statement = transaction.prepareStatement(sql)) {
      statement.setString(1, tenant.value());
      statement.executeUpdate();
    }
  }
}
