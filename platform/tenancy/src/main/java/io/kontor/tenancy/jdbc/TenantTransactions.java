package io.kontor.tenancy.jdbc;

import io.github.resilience4j.core.IntervalFunction;
import io.kontor.database.breaker.DatabaseOutage;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions in which row-level security shows only one tenant's rows. The setting ends with the
 * transaction, so it does not stay on a pooled connection. When a connection turns out to be lost
 * before the work has begun, another is taken.
 */
public final class TenantTransactions {
  private static final String SET_TENANT = "select set_config('kontor.tenant', ?, true)";

  private static final int RETRIES = 3;
  private static final IntervalFunction PAUSE = IntervalFunction.ofExponentialBackoff(50, 2);

  /** A database that is silent has taken the request's time already. */
  private static final Duration RETRIED_WITHIN = Duration.ofSeconds(1);

  private final JdbcTemplate jdbc;
  private final TransactionTemplate readWrite;
  private final TransactionTemplate readOnly;

  public TenantTransactions(DataSource dataSource) {
    var transactions = new JdbcTransactionManager(dataSource);
    jdbc = new JdbcTemplate(dataSource);
    readWrite = new TransactionTemplate(transactions);
    readOnly = new TransactionTemplate(transactions);
    readOnly.setReadOnly(true);
  }

  /**
   * Reads in a read-only transaction of the current tenant.
   *
   * @throws io.kontor.tenancy.NoTenantException when no tenant is bound
   */
  public <R> R read(Supplier<R> work) {
    return within(readOnly, work);
  }

  /**
   * Writes in a transaction of the current tenant, rolled back when {@code work} throws.
   *
   * @throws io.kontor.tenancy.NoTenantException when no tenant is bound
   */
  public <R> R write(Supplier<R> work) {
    return within(readWrite, work);
  }

  private <R> R within(TransactionTemplate template, Supplier<R> work) {
    TenantId tenant = TenantContext.current();
    long start = System.nanoTime();
    for (int attempt = 1; ; attempt++) {
      var transaction = new Attempt<R>(tenant, work);
      try {
        return template.execute(transaction);
      } catch (RuntimeException failure) {
        if (transaction.begun
            || attempt > RETRIES
            || System.nanoTime() - start > RETRIED_WITHIN.toNanos()
            || !isOutage(failure)) {
          throw failure;
        }
        pause(attempt, failure);
      }
    }
  }

  /** A rollback on a lost connection hides the failure that led to it. */
  private static boolean isOutage(RuntimeException failure) {
    return DatabaseOutage.isCauseOf(failure)
        || (failure instanceof TransactionSystemException rollback
            && rollback.getOriginalException() != null
            && DatabaseOutage.isCauseOf(rollback.getOriginalException()));
  }

  private static void pause(int attempt, RuntimeException failure) {
    try {
      Thread.sleep(PAUSE.apply(attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  /** One attempt at a transaction; as long as it has not begun, nothing was read or written. */
  private final class Attempt<R> implements TransactionCallback<R> {
    private final TenantId tenant;
    private final Supplier<R> work;
    private boolean begun;

    Attempt(TenantId tenant, Supplier<R> work) {
      this.tenant = tenant;
      this.work = work;
    }

    @Override
    public R doInTransaction(TransactionStatus status) {
      jdbc.queryForObject(SET_TENANT, String.class, tenant.value());
      begun = true;
      return work.get();
    }
  }
}
