package io.kontor.tenancy.registry;

import io.kontor.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** All registered tenants, for operators; requests of tenants use {@link TenantRegistry}. */
public final class TenantDirectory {
  private static final String COLUMNS = "select tenant_id, name, registered_at from kontor.tenant ";

  private final JdbcClient jdbc;

  /**
   * @param dataSource connections of the worker's login, which alone sees every tenant's row
   */
  public TenantDirectory(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
  }

  /**
   * The tenants in the order of their ids.
   *
   * @param after the id before the first one; null for the beginning
   */
  public List<RegisteredTenant> list(@Nullable TenantId after, int limit) {
    return jdbc.sql(COLUMNS + "where tenant_id > ? order by tenant_id limit ?")
        .param(after == null ? "" : after.value())
        .param(limit)
        .query(TenantDirectory::tenant)
        .list();
  }

  /** The tenant with this id. */
  public Optional<RegisteredTenant> find(TenantId id) {
    return jdbc.sql(COLUMNS + "where tenant_id = ?")
        .param(id.value())
        .query(TenantDirectory::tenant)
        .optional();
  }

  private static RegisteredTenant tenant(ResultSet row, int number) throws SQLException {
    return new RegisteredTenant(
        new TenantId(row.getString("tenant_id")),
        row.getString("name"),
        TenantIsolation.ROW,
        row.getObject("registered_at", OffsetDateTime.class).toInstant());
  }
}
