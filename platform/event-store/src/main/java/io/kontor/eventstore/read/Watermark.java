package io.kontor.eventstore.read;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;

/**
 * A past instant of the event store: every event recorded before it, now or later, is at or below
 * the position.
 *
 * @param instant in whole milliseconds, the precision of read models
 */
public record Watermark(Instant instant, long position) {
  /** Before the first event. */
  public static final Watermark START = new Watermark(Instant.EPOCH, 0);

  /**
   * Waits for a running append, which may have dated its events already. Later appends use the same
   * clock under the same lock.
   */
  static Watermark read(DataSource worker) throws SQLException {
    try (Connection connection = worker.getConnection()) {
      connection.setAutoCommit(false);
      try (var sql = connection.createStatement()) {
        sql.execute("set local lock_timeout = '2s'");
        sql.execute("select pg_advisory_xact_lock_shared(%s)".formatted(WriterLock.KEY));
        try (var row =
            sql.executeQuery("select clock_timestamp(), coalesce(max(position), 0) from event")) {
          row.next();
          Instant now = row.getObject(1, OffsetDateTime.class).toInstant();
          return new Watermark(now.truncatedTo(ChronoUnit.MILLIS), row.getLong(2));
        }
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }
}
