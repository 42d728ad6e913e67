package io.kontor.notifications.store;

import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Transactions in which row-level security shows one user's rows of the current tenant. The setting
 * ends with the transaction, so it does not stay on a pooled connection.
 */
final class UserTransactions {
  private static final String SET_USER = "select set_config('kontor.subject', ?, true)";

  private final TenantTransactions transactions;
  private final JdbcTemplate jdbc;

  UserTransactions(TenantTransactions transactions, DataSource dataSource) {
    this.transactions = transactions;
    this.jdbc = new JdbcTemplate(dataSource);
  }

  <R> R read(String subject, Supplier<R> work) {
    return transactions.read(() -> as(subject, work));
  }

  <R> R write(String subject, Supplier<R> work) {
    return transactions.write(() -> as(subject, work));
  }

  private <R> R as(String subject, Supplier<R> work) {
    jdbc.queryForObject(SET_USER, String.class, subject);
    return work.get();
  }
}
