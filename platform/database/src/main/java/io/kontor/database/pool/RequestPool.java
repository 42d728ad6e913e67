package io.kontor.database.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.breaker.DatabaseBreaker.Permit;
import io.kontor.database.breaker.DatabaseOutage;
import io.kontor.database.pool.ConnectionRejectedException.Reason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The connections that serve requests. A caller is refused at once while the database is away or
 * when too many wait; one share, such as a tenant, can't take all connections.
 */
public final class RequestPool extends DelegatingDataSource implements MeterBinder, AutoCloseable {
  private final HikariDataSource pool;
  private final DatabaseBreaker breaker;
  private final PoolShare share;
  private final PoolShares shares;
  private final Semaphore callers;
  private final Map<Reason, AtomicLong> rejections = new ConcurrentHashMap<>();

  /**
   * Opens the pool.
   *
   * @param settings of the pool, with the source of its connections
   * @param breaker of this pool's database; closed with the pool
   * @param share whose share a caller uses
   * @param sharePercent of the connections, and of the callers that may wait, for one share
   * @param maxWaiting callers that may wait for a connection
   */
  public RequestPool(
      HikariConfig settings,
      DatabaseBreaker breaker,
      PoolShare share,
      int sharePercent,
      int maxWaiting) {
    this.breaker = breaker;
    var connections = Objects.requireNonNull(settings.getDataSource());
    settings.setDataSource(new BreakerDataSource(connections, breaker, this::isEmpty));
    pool = new HikariDataSource(settings);
    setTargetDataSource(pool);
    this.share = share;
    int size = pool.getMaximumPoolSize();
    shares =
        new PoolShares(
            Math.max(1, size * sharePercent / 100),
            maxWaiting * sharePercent / 100,
            Duration.ofMillis(pool.getConnectionTimeout()));
    callers = new Semaphore(size + maxWaiting);
    breaker.beforeTrials(this::replaceConnections);
  }

  /** The pool itself, for its numbers; connections are taken from this. */
  public HikariDataSource pool() {
    return pool;
  }

  public DatabaseBreaker breaker() {
    return breaker;
  }

  /**
   * @throws ConnectionRejectedException when the caller is refused
   */
  @Override
  public Connection getConnection() throws SQLException {
    // Before the wait for a place, which the breaker's permit must not span.
    if (breaker.isOpen()) {
      throw rejected(Reason.BREAKER_OPEN);
    }
    if (!callers.tryAcquire()) {
      throw rejected(Reason.QUEUE_FULL);
    }
    Runnable leave = callers::release;
    boolean taken = false;
    try {
      String name = share.current();
      if (name != null) {
        Runnable place = enter(name);
        leave =
            () -> {
              place.run();
              callers.release();
            };
      }
      Connection connection = guarded(leave);
      taken = true;
      return connection;
    } finally {
      if (!taken) {
        leave.run();
      }
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the pool has one login");
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    breaker.bindTo(meters);
    for (Reason reason : Reason.values()) {
      FunctionCounter.builder("kontor.database.rejected", rejections(reason), AtomicLong::get)
          .description("callers that were refused a connection")
          .tag("pool", pool.getPoolName())
          .tag("reason", reason.tag())
          .register(meters);
    }
  }

  @Override
  public void close() {
    breaker.close();
    pool.close();
  }

  private Runnable enter(String name) throws SQLException {
    try {
      return shares.enter(name);
    } catch (ConnectionRejectedException full) {
      // What holds the share's connections in an outage is not the share's fault.
      throw rejected(breaker.isOpen() ? Reason.BREAKER_OPEN : full.reason());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for a connection", e);
    }
  }

  private Connection guarded(Runnable leave) throws SQLException {
    Permit permit = breaker.tryAcquire();
    if (permit == null) {
      throw rejected(Reason.BREAKER_OPEN);
    }
    Connection connection;
    boolean ended = false;
    try {
      connection = pool.getConnection();
      ended = true;
    } catch (SQLException e) {
      if (DatabaseOutage.isCauseOf(e) || isNotUsedUp()) {
        ended = true;
        permit.failed(e);
      }
      throw e;
    } finally {
      if (!ended) {
        // No connection was free: all are used, which is no outage.
        permit.released();
      }
    }
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new Use(connection, permit, leave));
  }

  /** After an outage those that are left may be dead. */
  private void replaceConnections() {
    HikariPoolMXBean numbers = pool.getHikariPoolMXBean();
    if (numbers != null) {
      numbers.softEvictConnections();
    }
  }

  /** A pool that has no connection and may open more could not open one. */
  private boolean isNotUsedUp() {
    HikariPoolMXBean numbers = pool.getHikariPoolMXBean();
    return numbers != null && numbers.getActiveConnections() < pool.getMaximumPoolSize();
  }

  /** Whether there is no connection; the pool opens its first one before it is assigned. */
  private boolean isEmpty() {
    HikariPoolMXBean numbers = pool == null ? null : pool.getHikariPoolMXBean();
    return numbers == null || numbers.getTotalConnections() == 0;
  }

  private AtomicLong rejections(Reason reason) {
    return rejections.computeIfAbsent(reason, _ -> new AtomicLong());
  }

  private ConnectionRejectedException rejected(Reason reason) {
    rejections(reason).incrementAndGet();
    return new ConnectionRejectedException(reason);
  }

  /** A connection in use, whose end tells the breaker how it went. */
  private static final class Use implements InvocationHandler {
    private final Connection connection;
    private final Permit permit;
    private final Runnable leave;
    private final AtomicBoolean over = new AtomicBoolean();

    Use(Connection connection, Permit permit, Runnable leave) {
      this.connection = connection;
      this.permit = permit;
      this.leave = leave;
    }

    /** A connection is equal to itself only, whichever one it stands for. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "close" -> {
          close();
          return null;
        }
        case "equals" -> {
          return arguments != null && proxy == arguments[0];
        }
        case "hashCode" -> {
          return System.identityHashCode(proxy);
        }
        default -> {
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getTargetException();
          }
        }
      }
    }

    private void close() throws SQLException {
      if (!over.compareAndSet(false, true)) {
        return;
      }
      try {
        // The pool closes a connection that is lost while it is used.
        if (connection.isClosed()) {
          permit.failed(new SQLException("connection lost"));
        } else {
          permit.succeeded();
        }
        connection.close();
      } finally {
        leave.run();
      }
    }
  }
}
