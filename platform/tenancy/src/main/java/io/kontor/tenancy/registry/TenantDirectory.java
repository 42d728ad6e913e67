package io.kontor.tenancy.registry;

import io.kontor.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * All registered tenants and their cells, for operators and for the nodes that open the cells;
 * requests of tenants use {@link TenantRegistry}.
 */
public final class TenantDirectory {
  /** How long a change of a place is listed. */
  public static final Duration LATELY = Duration.ofMinutes(1);

  private static final String TENANTS =
      """
      select tenant_id, name, tenant.isolation, tenant.registered_at, closed_at, address, secret,
             array(select former.isolation from former_cell former
                    where former.tenant_id = tenant.tenant_id order by 1) as kept
        from tenant left join cell using (tenant_id)
      """;

  private final JdbcClient jdbc;

  /**
   * @param dataSource connections of the worker's login to the shared database; it alone sees every
   *     tenant's row
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
    return jdbc.sql(TENANTS + "where tenant_id > ? order by tenant_id limit ?")
        .param(after == null ? "" : after.value())
        .param(limit)
        .query(TenantDirectory::tenant)
        .list();
  }

  /** The tenant with this id. */
  public Optional<RegisteredTenant> find(TenantId id) {
    return jdbc.sql(TENANTS + "where tenant_id = ?")
        .param(id.value())
        .query(TenantDirectory::tenant)
        .optional();
  }

  /** All cells, in the order of their tenants' ids. */
  public List<RegisteredCell> cells() {
    return jdbc.sql("select tenant_id, isolation, address, secret from cell order by tenant_id")
        .query((row, number) -> cell(row))
        .list();
  }

  /** Registers a cell, or the new address of a registered one. */
  public void register(RegisteredCell cell) {
    jdbc.sql(
            """
            insert into cell (tenant_id, isolation, address, secret) values (?, ?, ?, ?)
            on conflict (tenant_id) do update set isolation = excluded.isolation,
              address = excluded.address, secret = excluded.secret
            """)
        .param(cell.tenant().value())
        .param(cell.isolation().name())
        .param(cell.address())
        .param(cell.secret())
        .update();
  }

  /** Removes a cell: every node closes it soon. */
  public void unregister(TenantId tenant) {
    jdbc.sql("delete from cell where tenant_id = ?").param(tenant.value()).update();
  }

  /** The schema and the database that a tenant has moved out of and that are still kept. */
  public List<RegisteredCell> formerCells(TenantId tenant) {
    return jdbc.sql(
            """
            select tenant_id, isolation, address, secret from former_cell
             where tenant_id = ? order by isolation
            """)
        .param(tenant.value())
        .query((row, number) -> cell(row))
        .list();
  }

  /** Forgets a place that a tenant has moved out of, once it is removed. */
  public void forgetFormer(RegisteredCell cell) {
    jdbc.sql("delete from former_cell where tenant_id = ? and isolation = ?")
        .param(cell.tenant().value())
        .param(cell.isolation().name())
        .update();
  }

  /** The tenants whose place has changed {@link #LATELY}. */
  public List<TenantId> placedLately() {
    return jdbc.sql(
            "select tenant_id from tenant where placed_at > now() - make_interval(secs => ?)")
        .param(LATELY.toSeconds())
        .query((row, number) -> new TenantId(row.getString("tenant_id")))
        .list();
  }

  /**
   * Closes a tenant for good: its requests are refused on every node soon, and its events by the
   * writer.
   */
  public void close(TenantId tenant) {
    jdbc.sql(
            """
            update tenant set closed_at = now(), placed_at = now(), suspended_until = 'infinity'
             where tenant_id = ? and closed_at is null
            """)
        .param(tenant.value())
        .update();
  }

  private static RegisteredTenant tenant(ResultSet row, int number) throws SQLException {
    OffsetDateTime closedAt = row.getObject("closed_at", OffsetDateTime.class);
    return new RegisteredTenant(
        new TenantId(row.getString("tenant_id")),
        row.getString("name"),
        TenantIsolation.valueOf(row.getString("isolation")),
        row.getString("address") == null ? null : cell(row),
        Arrays.stream((String[]) row.getArray("kept").getArray())
            .map(TenantIsolation::valueOf)
            .toList(),
        row.getObject("registered_at", OffsetDateTime.class).toInstant(),
        closedAt == null ? null : closedAt.toInstant());
  }

  private static RegisteredCell cell(ResultSet row) throws SQLException {
    return new RegisteredCell(
        new TenantId(row.getString("tenant_id")),
        TenantIsolation.valueOf(row.getString("isolation")),
        row.getString("address"),
        row.getString("secret"));
  }
}
