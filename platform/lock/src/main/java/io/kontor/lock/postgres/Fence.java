package io.kontor.lock.postgres;

import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Refuses to write under a lease that is over. It is checked in the transaction that writes; from
 * then on no other process can acquire the lease until that transaction ends.
 */
public final class Fence {
  private static final String LEASE_IS_OVER = "KL001";
  private static final String CHECK =
      "select fence(resource, number) from unnest(?, ?) as held (resource, number)";

  private Fence() {}

  /**
   * Checks leases in the connection's transaction.
   *
   * @param connection to the database that keeps the leases, in a transaction
   * @throws LeaseLostException when one of them is over; the transaction can't commit any more
   * @throws IllegalArgumentException when a lease has no fencing number
   */
  public static void check(Connection connection, List<Lease> leases) throws SQLException {
    var resources = leases.stream().map(Lease::resource).toArray(String[]::new);
    var numbers = leases.stream().map(Fence::number).toArray(Long[]::new);
    try (var check = connection.prepareStatement(CHECK)) {
      check.setArray(1, connection.createArrayOf("text", resources));
      check.setArray(2, connection.createArrayOf("int8", numbers));
      check.execute();
    } catch (SQLException refused) {
      if (LEASE_IS_OVER.equals(refused.getSQLState())) {
        throw new LeaseLostException(String.valueOf(refused.getMessage()));
      }
      throw refused;
    }
  }

  private static Long number(Lease lease) {
    return lease
        .fencingNumber()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the lease on %s has no fencing number: it can't protect what is written"
                        .formatted(lease.resource())));
  }
}
