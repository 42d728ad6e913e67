package io.kontor.app.cell;

import io.kontor.job.queue.PermanentJobException;
import io.kontor.tenancy.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies a tenant's rows that can't be made from its events: keys, records, processes, tasks, jobs,
 * documents and notifications. Read models, snapshots and tokens are made anew. Each row travels as
 * JSON, so that no type is known here.
 */
final class TenantRows {
  private static final int ROWS_AT_ONCE = 200;
  private static final int CHARACTERS_AT_ONCE = 1 << 22;

  /** With the login that serves requests. */
  private static final List<Table> OF_APP =
      List.of(
          Table.emptied("subject_key"),
          Table.emptied("subject_name"),
          Table.added("forgotten_subject"));

  /** With the worker's login; a row refers only to rows of tables before its own. */
  private static final List<Table> OF_WORKER =
      List.of(
          Table.added("discarded_event"),
          Table.added("job_queue"),
          Table.emptied("statement_run"),
          Table.emptied("statement"),
          Table.emptied("statement_part"),
          Table.emptied("notification"),
          Table.emptied("notification_cursor"),
          Table.emptied("notification_preference"),
          Table.emptied("notification_staff"),
          Table.emptied("account_alert"),
          Table.emptied("webhook"),
          Table.emptied("webhook_delivery"),
          Table.emptied("interest_accrual"),
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

  /**
   * @param isEmptied whether the tenant's rows in the target are deleted first
   * @param change appended to a row's JSON
   * @param condition of the rows that are meant
   * @param lock on the rows at the source
   */
  private record Table(
      String name, boolean isEmptied, String change, String condition, String lock) {
    static Table added(String name) {
      return new Table(name, false, "", "", "");
    }

    static Table emptied(String name) {
      return new Table(name, true, "", "", "");
    }

    static Table taken(String name, String change, String condition) {
      return new Table(name, true, change, condition, " for update");
    }
  }

  TenantRows(TenantId tenant) {
    this.tenant = tenant;
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

  /** Copies what requests write. Both connections have the app's login. */
  void copyOfApp(Connection from, Connection to) throws SQLException {
    copy(OF_APP, from, to);
  }

  /**
   * Copies what the worker writes, and locks at the source what is to be taken. Both connections
   * have the worker's login.
   */
  void copyOfWorker(Connection from, Connection to) throws SQLException {
    copy(OF_WORKER, from, to);
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
    copy(RECORDS, " and r.position >= " + position, from, to);
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

  private void copy(List<Table> tables, Connection from, Connection to) throws SQLException {
    become(from);
    become(to);
    for (Table table : tables.reversed()) {
      if (table.isEmptied()) {
        try (var empty =
            to.prepareStatement(
                "delete from %s r where r.tenant_id = ?".formatted(table.name())
                    + table.condition())) {
          empty.setString(1, tenant.value());
          empty.executeUpdate();
        }
      }
    }
    for (Table table : tables) {
      copy(table, table.condition() + table.lock(), from, to);
    }
  }

  private void copy(Table table, String end, Connection from, Connection to) throws SQLException {
    String columns = columns(table.name(), to);
    String insert =
        """
        insert into %1$s (%2$s)
        select %2$s from jsonb_populate_recordset(null::%1$s, ?::jsonb) on conflict do nothing
        """
            .formatted(table.name(), columns);
    String select =
        "select (to_jsonb(r) "
            + table.change()
            + ")::text from "
            + table.name()
            + " r where r.tenant_id = ?"
            + end;
    try (var read = from.prepareStatement(select);
        var write = to.prepareStatement(insert)) {
      read.setFetchSize(ROWS_AT_ONCE);
      read.setString(1, tenant.value());
      try (ResultSet row = read.executeQuery()) {
        var rows = new StringBuilder();
        int count = 0;
        while (row.next()) {
          rows.append(count == 0 ? '[' : ',').append(row.getString(1));
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

  private static void insert(StringBuilder rows, PreparedStatement write) throws SQLException {
    write.setString(1, rows.append(']').toString());
    write.executeUpdate();
    rows.setLength(0);
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
