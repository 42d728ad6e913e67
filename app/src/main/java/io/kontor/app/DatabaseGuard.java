package io.kontor.app;

import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Refuses a database that would not keep what Kontor promises: a login that row-level security
 * could not hold, or a server that forgets what it confirmed.
 */
final class DatabaseGuard {
  private static final String STRENGTHS =
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
         where nspname = 'kontor' and has_schema_privilege(nspname, 'CREATE')
      ) as strengths
      limit 3
      """;

  private DatabaseGuard() {}

  /**
   * Looks at the database through connections that will serve.
   *
   * @throws StartRefused when it must not be served with, saying why
   */
  static void check(DataSource serving) {
    JdbcClient client = JdbcClient.create(serving);
    String login = client.sql("select current_user").query(String.class).single();
    List<String> strengths = client.sql(STRENGTHS).query(String.class).list();
    if (!strengths.isEmpty()) {
      throw new StartRefused(
          "the login %s is too strong to serve with, row-level security would not hold it: it %s"
              .formatted(login, String.join(", ", strengths)));
    }
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      String value = client.sql("show " + setting).query(String.class).single();
      if (value.toLowerCase(Locale.ROOT).equals("off")) {
        throw new StartRefused(
            "%s is off for the login %s: what was confirmed could be lost, switch it on"
                .formatted(setting, login));
      }
    }
  }
}
