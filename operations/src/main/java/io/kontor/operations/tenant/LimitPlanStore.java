package io.kontor.operations.tenant;

import io.kontor.limits.LimitPlan;
import io.kontor.limits.LimitPlanLookup;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The plans in the database. Each is read and written as its tenant, like all rows of tenants. */
final class LimitPlanStore implements LimitPlanLookup {
  private final TenantTransactions transactions;
  private final JdbcClient sql;
  private final InstantSource clock;

  /**
   * @param app connections that see one tenant's rows
   */
  LimitPlanStore(TenantTransactions transactions, DataSource app, InstantSource clock) {
    this.transactions = transactions;
    this.sql = JdbcClient.create(app);
    this.clock = clock;
  }

  /**
   * A plan as it is stored.
   *
   * @param changedBy the subject of the operator who set it
   */
  record Stored(LimitPlan plan, Instant changedAt, String changedBy) {}

  @Override
  public Optional<LimitPlan> find(TenantId tenant, String token) {
    return find(tenant).map(Stored::plan);
  }

  Optional<Stored> find(TenantId tenant) {
    return TenantContext.call(
        tenant,
        () ->
            transactions.read(
                () ->
                    sql.sql("select * from limit_plan where tenant_id = ?")
                        .param(tenant.value())
                        .query(
                            (row, _) ->
                                new Stored(
                                    new LimitPlan(
                                        row.getInt("tenant_per_minute"),
                                        row.getInt("user_per_minute")),
                                    row.getTimestamp("changed_at").toInstant(),
                                    row.getString("changed_by")))
                        .optional()));
  }

  void set(TenantId tenant, LimitPlan plan, String by) {
    TenantContext.run(
        tenant,
        () ->
            transactions.write(
                () ->
                    sql.sql(
                            """
                            insert into limit_plan (tenant_id, tenant_per_minute,
                              user_per_minute, changed_at, changed_by)
                            values (:tenant, :ofTenant, :ofUser, :now, :by)
                            on conflict (tenant_id) do update
                              set tenant_per_minute = excluded.tenant_per_minute,
                                  user_per_minute = excluded.user_per_minute,
                                  changed_at = excluded.changed_at,
                                  changed_by = excluded.changed_by
                            """)
                        .param("tenant", tenant.value())
                        .param("ofTenant", plan.tenantPerMinute())
                        .param("ofUser", plan.userPerMinute())
                        .param("now", Timestamp.from(clock.instant()))
                        .param("by", by)
                        .update()));
  }

  /** Has the settings apply to the tenant again. */
  void remove(TenantId tenant) {
    TenantContext.run(
        tenant,
        () ->
            transactions.write(
                () ->
                    sql.sql("delete from limit_plan where tenant_id = ?")
                        .param(tenant.value())
                        .update()));
  }
}
