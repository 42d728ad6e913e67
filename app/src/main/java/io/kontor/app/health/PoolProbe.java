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
 * Queries the database every second through a pool. When that fails, it evicts the pool's idle
 * connections, so that no request gets a dead one.
 */
final class PoolProbe implements HealthIndicator {
  private static final Logger log = LoggerFactory.getLogger(PoolProbe.class);
  private static final long EVERY_MILLIS = 1_000;

  /** In a fully used pool the probe itself waits for a connection. */
  private static final Duration RESPONSE_LIMIT = Duration.ofSeconds(15);

  private final HikariDataSource pool;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean up = true;
  private volatile long lastResponse = System.nanoTime();

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
    boolean late = System.nanoTime() - lastResponse > RESPONSE_LIMIT.toNanos();
    return up && !late ? Health.up().build() : Health.down().build();
  }

  private void run() {
    while (!stopped) {
      try {
        probe();
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error unexpected) {
        log.error("probe failed pool={}", pool.getPoolName(), unexpected);
      }
    }
  }

  private void probe() {
    try (var connection = pool.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("select 1");
      lastResponse = System.nanoTime();
      if (!up) {
        up = true;
        log.info("database answers pool={}", pool.getPoolName());
      }
    } catch (SQLException e) {
      if (stopped) {
        return;
      }
      if (up) {
        up = false;
        log.warn("database does not answer pool={} reason={}", pool.getPoolName(), e.getMessage());
      }
      HikariPoolMXBean connections = pool.getHikariPoolMXBean();
      if (connections != null) {
        connections.softEvictConnections();
      }
    }
  }
}
