package io.kontor.tenancy.jdbc;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions in which row-level security shows only one tenant's rows. The setting ends with the
 * transaction, so it does not stay on a pooled connection.
 */
public final class TenantTransactions {
  private static final String SET_TENANT = "select set_config('kontor.tenant', ?, true)";

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
    return template.execute(
        status -> {
          jdbc.queryForObject(SET_TENANT, String.class, tenant.value());
          return work.get();
        });
  }
}
