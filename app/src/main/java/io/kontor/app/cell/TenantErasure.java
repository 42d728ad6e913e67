package io.kontor.app.cell;

import io.kontor.database.schema.DatabaseSchema;
import io.kontor.eventstore.event.EventErased;
import io.kontor.tenancy.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Removes what the shared tables hold of a closed tenant: rows of every table with a tenant, in all
 * generations of read models, and what its events say. Positions are dense, so an event keeps its
 * place and its hash. Works in chunks, each durable: what was interrupted goes on.
 */
final class TenantErasure {
  private static final int ROWS_AT_ONCE = 1_000;

  /** A row refers to another that is removed later: it is removed in the next round. */
  private static final String REFERRED_TO = "23503";

  private static final int ROUNDS = 10;

  /** So that what is being done can be seen. */
  private static final Map<String, String> KEPT =
      Map.of(
          "job", " and type not like 'tenant-%'",
          "job_queue", " and type not like 'tenant-%'",
          "job_execution", " and task_name not like 'tenant-%'");

  /** The register stays, so that the id is not given again. */
  private static final String TABLES =
      """
      select quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relname from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where '"' || n.nspname || '"' = any (?) and c.relkind in ('r', 'p')
         and not c.relispartition and c.relname not in ('event', 'tenant')
       order by n.nspname, c.relname
      """;

  private static final String REMOVE =
      """
      delete from %1$s where tenant_id = ?%2$s
         and ctid = any (array(select ctid from %1$s where tenant_id = ?%2$s limit %3$d))
      """;

  private static final String ERASE =
      """
      with erased as (
        update event set type = ?, stream_type = ?, revision = null, payload = '{}', metadata = '{}'
         where position in (
           select position from event where tenant_id = ? and position > ?
            order by tenant_id, position limit %d)
        returning position)
      select coalesce(max(position), 0), count(*) from erased
      """
          .formatted(ROWS_AT_ONCE);

  private final TenantId tenant;
  private final TenantRows rows;
  private final DataSource owner;
  private final BiConsumer<Long, Long> reached;
  private long removed;
  private long total;

  /**
   * @param owner the login that may change all tables
   * @param reached receives how many rows are removed and events erased, and of how many, again and
   *     again
   */
  TenantErasure(TenantId tenant, DataSource owner, BiConsumer<Long, Long> reached) {
    this.tenant = tenant;
    this.rows = new TenantRows(tenant, () -> {});
    this.owner = owner;
    this.reached = reached;
  }

  /**
   * Removes all. Repeating it changes nothing.
   *
   * @throws IllegalStateException when rows are left, as something still writes them
   */
  void run() throws SQLException {
    try (Connection connection = owner.getConnection()) {
      connection.setAutoCommit(false);
      total = count("event", "", connection);
      for (Table table : tables(connection)) {
        total += count(table.name(), table.condition(), connection);
      }
      eraseEvents(connection);
      for (int round = 0; round < ROUNDS; round++) {
        if (isEmptied(connection)) {
          return;
        }
      }
    }
    throw new IllegalStateException("rows of the tenant are still being written");
  }

  private long count(String table, String condition, Connection connection) throws SQLException {
    rows.become(connection);
    try (var count =
        connection.prepareStatement(
            "select count(*) from %s where tenant_id = ?%s".formatted(table, condition))) {
      count.setString(1, tenant.value());
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } finally {
      connection.rollback();
    }
  }

  private void eraseEvents(Connection connection) throws SQLException {
    long position = 0;
    long events;
    do {
      rows.become(connection);
      try (var erase = connection.prepareStatement(ERASE)) {
        erase.setString(1, EventErased.NAME);
        erase.setString(2, EventErased.NAME);
        erase.setString(3, tenant.value());
        erase.setLong(4, position);
        try (ResultSet row = erase.executeQuery()) {
          row.next();
          position = row.getLong(1);
          events = row.getLong(2);
        }
      }
      commit(events, connection);
    } while (events > 0);
  }

  /** Whether there was nothing to remove. */
  private boolean isEmptied(Connection connection) throws SQLException {
    boolean isEmpty = true;
    for (Table table : tables(connection)) {
      isEmpty &= isEmptied(table, connection);
    }
    return isEmpty;
  }

  private boolean isEmptied(Table table, Connection connection) throws SQLException {
    String sql = REMOVE.formatted(table.name(), table.condition(), ROWS_AT_ONCE);
    boolean isEmpty = true;
    long deleted;
    try (PreparedStatement remove = connection.prepareStatement(sql)) {
      remove.setString(1, tenant.value());
      remove.setString(2, tenant.value());
      do {
        rows.become(connection);
        deleted = remove.executeUpdate();
        commit(deleted, connection);
        isEmpty &= deleted == 0;
      } while (deleted > 0);
      return isEmpty;
    } catch (SQLException refused) {
      connection.rollback();
      if (REFERRED_TO.equals(refused.getSQLState())) {
        return false;
      }
      throw refused;
    }
  }

  private List<Table> tables(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(TABLES)) {
      Stream<String> schemas = DatabaseSchema.SHARED.withGenerations();
      query.setArray(1, connection.createArrayOf("text", schemas.toArray()));
      try (ResultSet row = query.executeQuery()) {
        List<Table> tables = new ArrayList<>();
        while (row.next()) {
          tables.add(new Table(row.getString(1), KEPT.getOrDefault(row.getString(2), "")));
        }
        return tables;
      }
    }
  }

  private void commit(long changed, Connection connection) throws SQLException {
    connection.commit();
    if (changed > 0) {
      removed += changed;
      reached.accept(removed, total);
    }
  }

  private record Table(String name, String condition) {}
}
