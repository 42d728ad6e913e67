package io.kontor.app.cell;

import io.kontor.job.queue.PermanentJobException;
import io.kontor.tenancy.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Copies a tenant's rows that can't be made from its events: keys, records, processes, tasks, jobs,
 * documents and notifications. Read models, snapshots and tokens are made anew. Each row travels as
 * JSON, so that no type is known here.
 */
final class TenantRows {
  private static final int ROWS_AT_ONCE = 200;
  private static final int CHARACTERS_AT_ONCE = 1 << 22;
  private static final int DIGESTS_AT_ONCE = 10_000;

  private static final String FOR_UPDATE = " for update";

  /** Tells whether two rows are the same. */
  private static final String DIGEST = "md5(to_jsonb(r)::text)::uuid";

  /**
   * With the login that serves requests, which never changes such a row: only those that are
   * missing are copied, so that most of it is done before the tenant is suspended.
   */
  private static final List<Table> OF_APP =
      List.of(
          Table.mirrored("subject_key"),
          Table.mirrored("subject_name"),
          Table.added("forgotten_subject"));

  /** With the worker's login; a row refers only to rows of tables before its own. */
  private static final List<Table> OF_WORKER =
      List.of(
          Table.added("discarded_event"),
          Table.added("job_queue"),
          Table.mirrored("statement_run"),
          Table.mirrored("statement"),
          Table.mirrored("statement_part"),
          Table.mirrored("notification"),
          Table.mirrored("notification_cursor"),
          Table.mirrored("notification_preference"),
          Table.mirrored("notification_staff"),
          Table.mirrored("account_alert"),
          Table.mirrored("webhook"),
          Table.mirrored("webhook_delivery"),
          Table.mirrored("interest_accrual"),
          Table.taken("end_of_day", "", ""),
          Table.taken("saga", "", ""),
          Table.taken(
              "scheduled_tasks",
              """
              || '{"picked": false, "picked_by": null, "last_heartbeat": null}'::jsonb
              """,
              ""),
          Table.taken(
              "job",
              """
              || case when r.state = 'RUNNING' then '{"state": "WAITING", "started_at": null}'
                 else '{}' end::jsonb
              """,
              " and r.type not like 'tenant-%'"));

  /** May be many, so they are copied before the tenant is suspended. */
  private static final Table RECORDS = Table.added("idempotency");

  /** What would act in both places. The jobs about tenants themselves stay. */
  private static final List<String> TAKEN =
      List.of(
          "delete from end_of_day where tenant_id = ?",
          "delete from saga where tenant_id = ?",
          "delete from scheduled_tasks where tenant_id = ?",
          "delete from job_execution where tenant_id = ? and task_name not like 'tenant-%'",
          "delete from job where tenant_id = ? and type not like 'tenant-%'");

  /** Tables whose rows the database numbers; new ones get numbers after the copied ones. */
  private static final List<String> NUMBERED = List.of("notification", "webhook_delivery");

  /** Takes numbers one by one, as other tenants may take some at the same time. */
  private static final String NUMBERS_AFTER =
      """
      select count(nextval(pg_get_serial_sequence('%1$s', 'number')))
        from generate_series(nextval(pg_get_serial_sequence('%1$s', 'number')),
                             (select coalesce(max(number), 0) from %1$s))
      """;

  /**
   * What is made from events, is copied by itself, ends by itself, is about the place, or is kept
   * for all databases in the shared one.
   */
  private static final List<String> NOT_COPIED =
      List.of(
          "tenant",
          "cell",
          "former_cell",
          "api_key",
          "limit_plan",
          "event",
          RECORDS.name(),
          "snapshot",
          "dead_letter",
          "rebuild",
          "job_execution",
          "notification_ticket",
          "presence",
          "account",
          "posting",
          "ledger_total",
          "transfer",
          "product",
          "customer_order",
          "order_line",
          "order_happening",
          "payment",
          "payment_happening",
          "standing_order",
          "standing_order_execution",
          "bank_day",
          "conditions");

  private static final String TABLES =
      """
      select string_agg(c.relname, ', ') from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where n.nspname = current_schema() and c.relkind in ('r', 'p') and not c.relispartition
         and c.relname <> all (?)
      """;

  private final TenantId tenant;
  private final Step copied;

  /** Called again and again while rows are copied. */
  @FunctionalInterface
  interface Step {
    /** Some more are there. */
    void done() throws SQLException;
  }

  /**
   * @param isMirrored whether the tenant's rows in the target that the source lacks are deleted
   * @param change appended to a row's JSON
   * @param condition of the rows that are meant
   * @param isTaken whether the rows act by themselves, and are deleted at the source
   */
  private record Table(
      String name, boolean isMirrored, String change, String condition, boolean isTaken) {
    static Table added(String name) {
      return new Table(name, false, "", "", false);
    }

    static Table mirrored(String name) {
      return new Table(name, true, "", "", false);
    }

    static Table taken(String name, String change, String condition) {
      return new Table(name, true, change, condition, true);
    }
  }

  TenantRows(TenantId tenant, Step copied) {
    this.tenant = tenant;
    this.copied = copied;
  }

  /**
   * Requires that each table with a tenant is copied or is known to need no copy, so that no row is
   * left behind.
   *
   * @throws PermanentJobException when there is another one
   */
  static void requireKnownTables(Connection connection) throws SQLException {
    String[] known =
        Stream.of(
                OF_APP.stream().map(Table::name),
                OF_WORKER.stream().map(Table::name),
                NOT_COPIED.stream())
            .flatMap(names -> names)
            .toArray(String[]::new);
    try (var query = connection.prepareStatement(TABLES)) {
      query.setArray(1, connection.createArrayOf("text", known));
      try (ResultSet row = query.executeQuery()) {
        row.next();
        String others = row.getString(1);
        if (others != null) {
          throw new PermanentJobException("it is not known how to move rows of " + others);
        }
      }
    }
  }

  /**
   * Copies what requests write, all as it is at one time, and removes what is gone. Both
   * connections have the app's login; that to the source reads repeatably.
   */
  void copyOfApp(Connection from, Connection to) throws SQLException {
    become(from);
    become(to);
    for (Table table : OF_APP.reversed()) {
      if (table.isMirrored()) {
        Set<UUID> gone = digests(table, to);
        gone.removeAll(digests(table, from));
        delete(table, gone, to);
      }
    }
    for (Table table : OF_APP) {
      copy(table, "", digests(table, to), from, to);
    }
  }

  private Set<UUID> digests(Table table, Connection connection) throws SQLException {
    Set<UUID> digests = new HashSet<>();
    try (var read =
        connection.prepareStatement(
            "select %s from %s r where r.tenant_id = ?".formatted(DIGEST, table.name()))) {
      read.setFetchSize(DIGESTS_AT_ONCE);
      read.setString(1, tenant.value());
      try (ResultSet row = read.executeQuery()) {
        while (row.next()) {
          digests.add(row.getObject(1, UUID.class));
        }
      }
    }
    return digests;
  }

  private void delete(Table table, Set<UUID> rows, Connection connection) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (var delete =
        connection.prepareStatement(
            "delete from %s r where r.tenant_id = ? and %s = any (?)"
                .formatted(table.name(), DIGEST))) {
      delete.setString(1, tenant.value());
      delete.setArray(2, connection.createArrayOf("uuid", rows.toArray()));
      delete.executeUpdate();
    }
  }

  /**
   * Copies what the worker writes. What is to be taken is locked at the source before anything is
   * read: else what a job or process does meanwhile would be missing, and recorded as done. Both
   * connections have the worker's login.
   */
  void copyOfWorker(Connection from, Connection to) throws SQLException {
    become(from);
    become(to);
    for (Table table : OF_WORKER) {
      if (table.isTaken()) {
        lock(table, from);
      }
    }
    for (Table table : OF_WORKER.reversed()) {
      if (table.isMirrored()) {
        empty(table, to);
      }
    }
    for (Table table : OF_WORKER) {
      copy(table, table.condition() + (table.isTaken() ? FOR_UPDATE : ""), Set.of(), from, to);
    }
    for (String table : NUMBERED) {
      try (var next = to.prepareStatement(NUMBERS_AFTER.formatted(table))) {
        next.execute();
      }
    }
  }

  /** Deletes at the source what acts by itself, as it now does in the target. */
  void takeAway(Connection from) throws SQLException {
    for (String sql : TAKEN) {
      try (var delete = from.prepareStatement(sql)) {
        delete.setString(1, tenant.value());
        delete.executeUpdate();
      }
    }
  }

  /**
   * Copies the idempotency records of a position and of those after it. Both connections have the
   * worker's login.
   */
  void copyRecords(long position, Connection from, Connection to) throws SQLException {
    become(from);
    become(to);
    copy(RECORDS, " and r.position >= " + position, Set.of(), from, to);
  }

  /**
   * Deletes the keys to personal data at the source: a key is kept in one place, so that forgetting
   * a person reaches all copies of what it seals. With the app's login.
   */
  void removeKeys(Connection from) throws SQLException {
    become(from);
    try (var delete = from.prepareStatement("delete from subject_key where tenant_id = ?")) {
      delete.setString(1, tenant.value());
      delete.executeUpdate();
    }
  }

  /** Within the transaction, row-level security shows the tenant's rows and no other's. */
  void become(Connection connection) throws SQLException {
    try (var set = connection.prepareStatement("select set_config('kontor.tenant', ?, true)")) {
      set.setString(1, tenant.value());
      set.execute();
    }
  }

  private void lock(Table table, Connection from) throws SQLException {
    try (var lock =
        from.prepareStatement(
            "select count(*) from (select from %s r where r.tenant_id = ?%s%s) as locked"
                .formatted(table.name(), table.condition(), FOR_UPDATE))) {
      lock.setString(1, tenant.value());
      lock.execute();
    }
  }

  private void empty(Table table, Connection to) throws SQLException {
    try (var empty =
        to.prepareStatement(
            "delete from %s r where r.tenant_id = ?%s"
                .formatted(table.name(), table.condition()))) {
      empty.setString(1, tenant.value());
      empty.executeUpdate();
    }
  }

  private void copy(Table table, String condition, Set<UUID> known, Connection from, Connection to)
      throws SQLException {
    String columns = columns(table.name(), to);
    String insert =
        """
        insert into %1$s (%2$s)
        select %2$s from jsonb_populate_recordset(null::%1$s, ?::jsonb) on conflict do nothing
        """
            .formatted(table.name(), columns);
    String select =
        "select %s, (to_jsonb(r) %s)::text from %s r where r.tenant_id = ?%s"
            .formatted(
                known.isEmpty() ? "null::uuid" : DIGEST, table.change(), table.name(), condition);
    try (var read = from.prepareStatement(select);
        var write = to.prepareStatement(insert)) {
      read.setFetchSize(ROWS_AT_ONCE);
      read.setString(1, tenant.value());
      try (ResultSet row = read.executeQuery()) {
        var rows = new StringBuilder();
        int count = 0;
        while (row.next()) {
          UUID digest = row.getObject(1, UUID.class);
          if (digest != null && known.contains(digest)) {
            continue;
          }
          rows.append(count == 0 ? '[' : ',').append(row.getString(2));
          count++;
          if (count == ROWS_AT_ONCE || rows.length() > CHARACTERS_AT_ONCE) {
            insert(rows, write);
            count = 0;
          }
        }
        if (count > 0) {
          insert(rows, write);
        }
      }
    }
  }

  private void insert(StringBuilder rows, PreparedStatement write) throws SQLException {
    write.setString(1, rows.append(']').toString());
    write.executeUpdate();
    rows.setLength(0);
    copied.done();
  }

  /** All columns but those that the database computes. */
  private static String columns(String table, Connection connection) throws SQLException {
    try (var query =
        connection.prepareStatement(
            """
            select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
             where attrelid = ?::regclass and attnum > 0 and not attisdropped and attgenerated = ''
            """)) {
      query.setString(1, table);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
