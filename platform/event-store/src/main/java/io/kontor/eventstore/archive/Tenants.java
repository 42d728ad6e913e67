package io.kontor.eventstore.archive;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tenant registry; each entry is read and written with its own tenant bound. */
final class Tenants {
  private final TenantTransactions transactions;
  private final JdbcClient sql;

  Tenants(DataSource app) {
    this.transactions = new TenantTransactions(app);
    this.sql = JdbcClient.create(app);
  }

  @Nullable String nameOf(TenantId tenant) {
    return TenantContext.call(
        tenant,
        () ->
            transactions.read(
                () ->
                    sql.sql("select name from kontor.tenant where tenant_id = ?")
                        .param(tenant.value())
                        .query(String.class)
                        .optional()
                        .orElse(null)));
  }

  void register(TenantId tenant, String name) {
    TenantContext.run(
        tenant,
        () ->
            transactions.write(
                () ->
                    sql.sql(
                            "insert into kontor.tenant (tenant_id, name) values (?, ?)"
                                + " on conflict do nothing")
                        .param(tenant.value())
                        .param(name)
                        .update()));
  }
}
