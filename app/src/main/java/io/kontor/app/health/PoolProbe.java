package io.kontor.app.health;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Asks the database something every second, through a pool. When it does not answer, the pool's
 * idle connections are thought to be dead, too: they are replaced before a request has to find out.
 */
final class PoolProbe implements HealthIndicator {
  private static final Logger log = LoggerFactory.getLogger(PoolProbe.class);
  private static final long EVERY_MILLIS = 1_000;

  /** A pool in full use may keep the question waiting. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

  private final HikariDataSource pool;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean answers = true;
  private volatile long answeredAt = System.nanoTime();

  PoolProbe(HikariDataSource pool) {
    this.pool = pool;
    thread = Thread.ofVirtual().name("probe-" + pool.getPoolName()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped = true;
    thread.interrupt();
  }

  @Override
  public Health health() {
    boolean late = System.nanoTime() - answeredAt > ANSWER_WITHIN.toNanos();
    return answers && !late ? Health.up().build() : Health.down().build();
  }

  private void run() {
    while (!stopped) {
      try {
        ask();
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error unexpected) {
        log.error("probe failed pool={}", pool.getPoolName(), unexpected);
      }
    }
  }

  private void ask() {
    try (var connection = pool.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("select 1");
      answeredAt = System.nanoTime();
      if (!answers) {
        answers = true;
        log.info("database answers pool={}", pool.getPoolName());
      }
    } catch (SQLException e) {
      if (stopped) {
        return;
      }
      if (answers) {
        answers = false;
        log.warn("database does not answer pool={} reason={}", pool.getPoolName(), e.getMessage());
      }
      HikariPoolMXBean connections = pool.getHikariPoolMXBean();
      if (connections != null) {
        connections.softEvictConnections();
      }
    }
  }
}
