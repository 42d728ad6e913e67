package io.kontor.app.cell;

import io.kontor.eventstore.read.WriterLock;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredCell;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Suspends a tenant's changes. The writer of events reads under its lock whether a tenant is
 * suspended or away, so after {@link #begin} none of its events is appended. A suspension ends by
 * itself, so that one whose process was killed does not last.
 */
final class TenantSuspension {
  private final TenantId tenant;
  private final DataSource worker;

  /**
   * @param worker the login of the event processors, at the source
   */
  TenantSuspension(TenantId tenant, DataSource worker) {
    this.tenant = tenant;
    this.worker = worker;
  }

  /**
   * Suspends the tenant's changes for half a minute at most.
   *
   * @throws IllegalStateException when the tenant is not in the shared tables any more
   */
  void begin() throws SQLException {
    change("suspended_until = clock_timestamp() + interval '30 s'");
  }

  /** Ends the suspension. */
  void end() throws SQLException {
    change("suspended_until = null");
  }

  /**
   * Switches to a cell, in a transaction that has the writer lock.
   *
   * @throws IllegalStateException when the tenant is not in the shared tables any more, or the
   *     suspension has ended by itself
   */
  void switchTo(RegisteredCell cell, Connection transaction) throws SQLException {
    change(
        "suspended_until = null, isolation = '%s'".formatted(cell.isolation()),
        " and suspended_until > clock_timestamp()",
        transaction);
    try (var register =
        transaction.prepareStatement(
            "insert into cell (tenant_id, isolation, address, secret) values (?, ?, ?, ?)")) {
      register.setString(1, cell.tenant().value());
      register.setString(2, cell.isolation().name());
      register.setString(3, cell.address());
      register.setString(4, cell.secret());
      register.executeUpdate();
    }
  }

  /** Waits for an append under way; until the transaction ends, there is none. */
  static void takeWriterLock(Connection transaction) throws SQLException {
    try (var lock = transaction.createStatement()) {
      lock.execute("select pg_advisory_xact_lock(%s)".formatted(WriterLock.KEY));
    }
  }

  private void change(String values) throws SQLException {
    try (Connection own = worker.getConnection()) {
      own.setAutoCommit(false);
      takeWriterLock(own);
      change(values, "", own);
      own.commit();
    }
  }

  private void change(String values, String condition, Connection transaction) throws SQLException {
    try (var update =
        transaction.prepareStatement(
            "update tenant set "
                + values
                + ", placed_at = clock_timestamp()"
                + " where tenant_id = ? and isolation = 'ROW' and closed_at is null"
                + condition)) {
      update.setString(1, tenant.value());
      if (update.executeUpdate() != 1) {
        throw new IllegalStateException("the tenant's place or suspension is not as it was");
      }
    }
  }
}
