package io.kontor.integration.outbox;

import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The publisher's lag, whichever node publishes; read from the database at most once a second. */
public final class PublisherLag {
  private static final long FRESH_NANOS = 1_000_000_000;

  private final JdbcClient sql;
  private final LongSupplier head;
  private Reading last = new Reading(0, 0);
  private long lookedUp = System.nanoTime() - FRESH_NANOS;

  /**
   * @param head the event store's last position
   */
  public PublisherLag(DataSource database, LongSupplier head) {
    this.sql = JdbcClient.create(database);
    this.head = head;
  }

  /**
   * One reading.
   *
   * @param position up to which events are published
   * @param head the event store's last position
   */
  public record Reading(long position, long head) {
    /** Number of events not published yet. */
    public long lag() {
      return Math.max(0, head - position);
    }
  }

  /** The lag, at most a second old. */
  public synchronized Reading read() {
    if (System.nanoTime() - lookedUp >= FRESH_NANOS) {
      long position =
          sql.sql("select position from checkpoint where projection = ?")
              .param(EventPublisher.PROCESSOR)
              .query(Long.class)
              .optional()
              .orElse(0L);
      last = new Reading(position, head.getAsLong());
      lookedUp = System.nanoTime();
    }
    return last;
  }
}
