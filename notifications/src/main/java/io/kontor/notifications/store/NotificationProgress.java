package io.kontor.notifications.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How far the events are of which users are notified; readers wait here for a position. */
public final class NotificationProgress {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

  private final JdbcClient sql;
  private final String processor;

  /**
   * @param processor the event processor that makes notifications, on whichever node
   */
  public NotificationProgress(DataSource app, String processor) {
    this.sql = JdbcClient.create(app);
    this.processor = processor;
  }

  /** Waits until a position is reached; false if it is not in time. */
  public boolean await(long position, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (reached() < position) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return true;
  }

  private long reached() {
    return sql.sql("select position from kontor.checkpoint where projection = :processor")
        .param("processor", processor)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }
}
