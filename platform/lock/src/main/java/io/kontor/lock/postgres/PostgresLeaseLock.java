package io.kontor.lock.postgres;

import io.kontor.lock.AcquisitionRetry;
import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLock;
import io.kontor.lock.LeaseOperations;
import io.kontor.lock.LockUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Leases as rows of {@code kontor.lease}, by the database's clock, with fencing numbers. A call
 * takes at most the data source's timeouts longer than its wait.
 */
public final class PostgresLeaseLock implements LeaseLock, LeaseOperations {
  /**
   * Takes a free row, or creates it. A row that another process is acquiring, or that a transaction
   * under its last lease has fenced, is not waited for.
   */
  private static final String ACQUIRE =
      """
      with wanted as (
        select ?::text as resource, ?::uuid as token,
          concat(inet_client_addr() || ' ', ?::text) as holder,
          clock_timestamp() as acquired_at, ? * interval '1 microsecond' as ttl),
      free as (
        select resource from lease
        where resource = (select resource from wanted) and expires_at <= clock_timestamp()
        for update skip locked),
      taken as (
        update lease l set fence = nextval('lease_fence'), token = wanted.token,
          holder = wanted.holder, acquired_at = wanted.acquired_at,
          expires_at = wanted.acquired_at + wanted.ttl
        from free, wanted where l.resource = free.resource
        returning l.fence),
      created as (
        insert into lease (resource, fence, token, holder, acquired_at, expires_at)
        select resource, nextval('lease_fence'), token, holder, acquired_at,
          acquired_at + ttl
        from wanted
        where not exists (select from lease l where l.resource = wanted.resource)
        on conflict (resource) do nothing
        returning fence)
      select fence from taken union all select fence from created
      """;

  private static final String EXTEND =
      """
      update lease set expires_at = clock_timestamp() + ? * interval '1 microsecond'
      where resource = ? and token = ?::uuid and expires_at > clock_timestamp()
      """;

  /** It need not be durable: after a crash the lease ends by its TTL. */
  private static final String RELEASE =
      """
      with quickly as (select set_config('synchronous_commit', 'off', true))
      update lease set expires_at = clock_timestamp()
      from quickly
      where resource = ? and token = ?::uuid and expires_at > clock_timestamp()
      """;

  private final DataSource connections;
  private final String process = "pid " + ProcessHandle.current().pid();

  /**
   * @param connections with a login that may write the leases; pooled, since each call uses one
   *     briefly
   */
  public PostgresLeaseLock(DataSource connections) {
    this.connections = connections;
  }

  @Override
  public Optional<Lease> tryAcquire(String resource, Duration ttl, Duration wait)
      throws InterruptedException {
    return AcquisitionRetry.within(wait, resource, ttl, left -> acquire(resource, ttl));
  }

  private Optional<Lease> acquire(String resource, Duration ttl) {
    String token = UUID.randomUUID().toString();
    long requested = System.nanoTime();
    try (Connection connection = connections.getConnection();
        var acquire = connection.prepareStatement(ACQUIRE)) {
      acquire.setString(1, resource);
      acquire.setString(2, token);
      acquire.setString(3, process);
      acquire.setLong(4, micros(ttl));
      try (var row = acquire.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Lease(resource, token, OptionalLong.of(row.getLong(1)), ttl, requested, this))
            : Optional.empty();
      }
    } catch (SQLException unreachable) {
      throw new LockUnavailableException(resource, unreachable);
    }
  }

  @Override
  public boolean extend(String resource, String token, Duration ttl) {
    try (Connection connection = connections.getConnection();
        var extend = connection.prepareStatement(EXTEND)) {
      extend.setLong(1, micros(ttl));
      extend.setString(2, resource);
      extend.setString(3, token);
      return extend.executeUpdate() == 1;
    } catch (SQLException unreachable) {
      throw new LockUnavailableException(resource, unreachable);
    }
  }

  @Override
  public boolean release(String resource, String token) {
    try (Connection connection = connections.getConnection();
        var release = connection.prepareStatement(RELEASE)) {
      release.setString(1, resource);
      release.setString(2, token);
      return release.executeUpdate() == 1;
    } catch (SQLException unreachable) {
      throw new LockUnavailableException(resource, unreachable);
    }
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
