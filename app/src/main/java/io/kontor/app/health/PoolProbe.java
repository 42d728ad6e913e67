package io.kontor.app.health;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.pool.RequestPool;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Queries the database every second through a pool, as a request does. When that fails, it evicts
 * the pool's idle connections, so that no request gets a dead one.
 */
final class PoolProbe implements HealthIndicator {
  private static final Logger log = LoggerFactory.getLogger(PoolProbe.class);
  private static final long EVERY_MILLIS = 1_000;

  /** In a fully used pool the probe itself waits for a connection. */
  private static final Duration RESPONSE_LIMIT = Duration.ofSeconds(15);

  /** A pool is short when no connection is idle and more callers than this wait, for so long. */
  private static final int SHORT_ABOVE_WAITING = 5;

  private static final Duration SHORT_AFTER = Duration.ofSeconds(10);

  private final HikariDataSource pool;
  private final DataSource connections;
  private final @Nullable DatabaseBreaker breaker;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean up = true;
  private volatile long lastResponse = System.nanoTime();

  /** When connections were last sufficient; both are the probe's own. */
  private long sufficient = System.nanoTime();

  private boolean isShort;

  private PoolProbe(
      HikariDataSource pool, DataSource connections, @Nullable DatabaseBreaker breaker) {
    this.pool = pool;
    this.connections = connections;
    this.breaker = breaker;
    thread = Thread.ofVirtual().name("probe-" + pool.getPoolName()).unstarted(this::run);
  }

  static PoolProbe of(HikariDataSource pool) {
    return new PoolProbe(pool, pool, null);
  }

  static PoolProbe of(RequestPool pool) {
    return new PoolProbe(pool.pool(), pool, pool.breaker());
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
    Health.Builder health = up && !late ? Health.up() : Health.down();
    HikariPoolMXBean numbers = pool.getHikariPoolMXBean();
    if (numbers != null) {
      health
          .withDetail("total", numbers.getTotalConnections())
          .withDetail("active", numbers.getActiveConnections())
          .withDetail("idle", numbers.getIdleConnections())
          .withDetail("waiting", numbers.getThreadsAwaitingConnection());
    }
    if (breaker != null) {
      health.withDetail("breaker", breaker.state());
    }
    return health.build();
  }

  private void run() {
    while (!stopped) {
      try {
        noticeShortage();
        probe();
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error unexpected) {
        log.error("probe failed pool={}", pool.getPoolName(), unexpected);
      }
    }
  }

  private void noticeShortage() {
    HikariPoolMXBean numbers = pool.getHikariPoolMXBean();
    if (numbers == null) {
      return;
    }
    int waiting = numbers.getThreadsAwaitingConnection();
    long now = System.nanoTime();
    if (waiting <= SHORT_ABOVE_WAITING || numbers.getIdleConnections() > 0) {
      sufficient = now;
      if (isShort) {
        isShort = false;
        log.info("connections suffice pool={}", pool.getPoolName());
      }
    } else if (!isShort && now - sufficient >= SHORT_AFTER.toNanos()) {
      isShort = true;
      log.warn("connections short pool={} waiting={}", pool.getPoolName(), waiting);
    }
  }

  private void probe() {
    try (var connection = connections.getConnection();
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
