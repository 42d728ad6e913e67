package io.kontor.database;

import io.kontor.database.schema.DatabaseSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Rejects a database that breaks Kontor's guarantees: a login that bypasses row-level security, a
 * server that can lose committed data or keeps the locks of dead nodes, or a pooler that splits
 * sessions.
 */
public final class DatabaseGuard {
  private static final long LONGEST_KEEPALIVE_SECONDS = 60;

  private static final String PRIVILEGES =
      """
      select word from (
        select 'is a superuser' as word from pg_roles where rolname = current_user and rolsuper
        union all
        select 'has BYPASSRLS' from pg_roles where rolname = current_user and rolbypassrls
        union all
        select 'has CREATEROLE' from pg_roles where rolname = current_user and rolcreaterole
        union all
        select 'has CREATEDB' from pg_roles where rolname = current_user and rolcreatedb
        union all
        select 'has REPLICATION' from pg_roles where rolname = current_user and rolreplication
        union all
        select 'is a member of ' || granted.rolname
          from pg_auth_members membership
          join pg_roles granted on granted.oid = membership.roleid
          join pg_roles login on login.oid = membership.member
         where login.rolname = current_user
        union all
        select 'owns the database' from pg_database
         where datname = current_database() and datdba = current_user::regrole
        union all
        select 'owns the schema ' || nspname from pg_namespace
         where nspowner = current_user::regrole
        union all
        select 'owns the ' || case relkind when 'v' then 'view ' when 'S' then 'sequence '
                                           when 'i' then 'index ' else 'table ' end || oid::regclass
          from pg_class
         where relowner = current_user::regrole and relpersistence <> 't'
        union all
        select 'owns the function ' || oid::regprocedure from pg_proc
         where proowner = current_user::regrole
        union all
        select 'may create objects in the schema ' || nspname from pg_namespace
         -- by its oid: asked by name of one that is being dropped, PostgreSQL fails
         where nspname = current_schema() and has_schema_privilege(oid, 'CREATE')
        union all
        select 'may create temporary tables'
         where has_database_privilege(current_database(), 'TEMPORARY')
      ) as strengths
      limit 3
      """;

  private static final List<Demand> DEMANDS =
      List.of(
          new Demand("fsync", "on", "what was confirmed could be lost", "switch it on"),
          new Demand("full_page_writes", "on", "what was confirmed could be lost", "switch it on"),
          // 'local' and 'remote_write' confirm before a standby has it on disk.
          new Demand(
              "synchronous_commit",
              "on|remote_apply",
              "what was confirmed could be lost",
              "switch it on"),
          new Demand(
              "default_transaction_isolation",
              "read committed",
              "a batch would not see what was written before it",
              "set it to 'read committed'"));

  /** A required server setting of a login that serves. */
  private record Demand(String setting, String allowed, String why, String what) {
    void check(JdbcClient client, String login) {
      String value = client.sql("show " + setting).query(String.class).single();
      if (!value.toLowerCase(Locale.ROOT).matches(allowed)) {
        throw new UnsuitableDatabaseException(
            "%s is %s for the login %s: %s, %s".formatted(setting, value, login, why, what));
      }
    }
  }

  private DatabaseGuard() {}

  /**
   * Checks the database over connections of a login that serves.
   *
   * @param schema the only one in which they may find tables
   * @throws UnsuitableDatabaseException with the reason when a check fails
   */
  public static void check(DataSource serving, DatabaseSchema schema) {
    try (Connection connection = serving.getConnection()) {
      JdbcClient client = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      String login = client.sql("select current_user").query(String.class).single();
      requireUnprivileged(client, login);
      DEMANDS.forEach(demand -> demand.check(client, login));
      requireSchema(client, login, schema);
      requireTimeouts(client, login);
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not let its serving login in", e);
    }
    SessionCheck.check(serving);
  }

  /** A pooler may drop the setting, and a name would be found elsewhere. */
  private static void requireSchema(JdbcClient client, String login, DatabaseSchema schema) {
    String found =
        client
            .sql("select array_to_string(current_schemas(false), ', ')")
            .query(String.class)
            .single();
    if (!found.equals(schema.name())) {
      throw new UnsuitableDatabaseException(
          ("search_path is '%s' for the login %s: it would not find its tables, or others, let the"
                  + " connection's options through or set it to '%s'")
              .formatted(found, login, schema));
    }
  }

  private static void requireUnprivileged(JdbcClient client, String login) {
    List<String> privileges = client.sql(PRIVILEGES).query(String.class).list();
    if (!privileges.isEmpty()) {
      throw new UnsuitableDatabaseException(
          "the login %s is too strong to serve with, row-level security would not hold it: it %s"
              .formatted(login, String.join(", ", privileges)));
    }
  }

  /** A node that freezes inside a transaction, or whose machine dies, must lose its locks. */
  private static void requireTimeouts(JdbcClient client, String login) {
    long idle = setting(client, "idle_in_transaction_session_timeout");
    long longest = DatabaseTimeouts.LONGEST_IDLE_IN_TRANSACTION.toMillis();
    if (idle == 0 || idle > longest) {
      throw new UnsuitableDatabaseException(
          ("idle_in_transaction_session_timeout is %d ms for the login %s: a node that freezes would"
                  + " keep its locks, let the connection's options through or set it to %d ms at most")
              .formatted(idle, login, longest));
    }
    boolean overTcp =
        client.sql("select inet_client_addr() is not null").query(Boolean.class).single();
    long keepalive = setting(client, "tcp_keepalives_idle");
    if (overTcp && (keepalive == 0 || keepalive > LONGEST_KEEPALIVE_SECONDS)) {
      throw new UnsuitableDatabaseException(
          ("tcp_keepalives_idle is %d s for the login %s: a node whose machine is gone would keep its"
                  + " locks, let the connection's options through or set it to %d s at most")
              .formatted(keepalive, login, LONGEST_KEEPALIVE_SECONDS));
    }
  }

  private static long setting(JdbcClient client, String name) {
    return client
        .sql("select setting::bigint from pg_settings where name = ?")
        .param(name)
        .query(Long.class)
        .single();
  }
}
