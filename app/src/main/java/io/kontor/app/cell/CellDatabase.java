package io.kontor.app.cell;

import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.DatabaseConnector;
import io.kontor.database.DatabaseTimeouts;
import java.sql.SQLException;

/**
 * The database of a cell.
 *
 * @param address what the registry shows of it
 * @param secret the prefix of the settings with its passwords
 */
record CellDatabase(String address, String secret, DatabaseConnectionDetails details) {
  /**
   * Opens and closes a connection: cheaper than to begin a cell that can't be.
   *
   * @throws IllegalStateException with the reason when the database can't be reached
   */
  void requireReachable(DatabaseTimeouts timeouts) {
    var connector =
        new DatabaseConnector(
            details.url(), details.owner().user(), details.owner().password(), timeouts);
    try {
      connector.unpooled("cell", timeouts.connect()).getConnection().close();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
