package io.kontor.app.attack;

import io.kontor.database.schema.DatabaseSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What has to be true of everything in the database so that no tenant's row reaches another. It
 * asks the catalogue, so a new table, view, function, key or grant is judged like the old ones.
 */
final class IsolationRules {
  /** Tables without a tenant, each with the reason why it needs none. */
  private static final Map<String, String> WITHOUT_TENANT =
      Map.of(
          "kontor.token", "positions of event processors",
          "kontor.event_home", "one row: which store keeps the events",
          "kontor.process_start", "one row: the position at which processes begin",
          "kontor.moved_events", "positions of events that came with a tenant, over all tenants",
          "kontor.parked_events", "a count a projection, over all tenants",
          "kontor.paused_job_type", "types of jobs that an operator has paused",
          "kontor.node", "which processes of the bank are there",
          "kontor.lease", "which process does what one at a time may do",
          "kontor.projection", "which generation serves and its position",
          "kontor.flyway_schema_history", "migrations; only the owner may read it");

  /**
   * Where the worker works for every tenant at once, because it reads or writes in order, or lists
   * tenants for an operator.
   */
  private static final List<String> EVERY_TENANT =
      List.of(
          "kontor.tenant",
          "kontor.cell",
          "kontor.former_cell",
          "kontor.event",
          "kontor.snapshot",
          "kontor.idempotency",
          "kontor.dead_letter",
          "kontor.discarded_event",
          "kontor.scheduled_tasks",
          "kontor.job",
          "kontor.job_queue",
          "kontor.job_execution",
          "kontor.saga",
          "kontor.end_of_day",
          "kontor.rebuild");

  /** Unique keys that may span tenants, each with the reason why it leaks nothing. */
  private static final Map<String, String> KEYS_OVER_TENANTS =
      Map.of(
          "kontor.event_pkey", "the position is one order over all tenants",
          "kontor.dead_letter_pkey", "a random id",
          "kontor.rebuild_pkey", "a random id",
          "kontor.dead_letter_processing_group_sequence_identifier_sequence_i_key",
              "a sequence is named <tenant>/...",
          "kontor.scheduled_tasks_pkey", "an instance is named <tenant>/...",
          "kontor.job_execution_pkey", "an instance is named <tenant>/...");

  /**
   * Functions with their owner's rights, each with the reason. Row-level security is forced, so the
   * owner sees one tenant's rows like any login; only the worker may call them.
   */
  private static final Map<String, String> WITH_OWNERS_RIGHTS =
      Map.of(
          "kontor.create_generation(text,text[])", "empty tables like a read model's",
          "kontor.drop_generation(text,text[])", "tables that no request reaches",
          "kontor.add_index(text,text,text)", "an index that a read model has",
          "kontor.analyze_generation(text,text[])", "statistics for the planner",
          "kontor.swap_generation(text,text[])", "tables of the same form change places",
          "kontor.replace_rows(text[])", "the rows of the tenant that is set");

  private static final String OURS =
      " n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'"
          + " and (n.nspname like 'kontor-%') = {cell} ";

  private static final String ISOLATION =
      "(tenant_id = ( SELECT {schema}.current_tenant() AS current_tenant))";

  private final JdbcClient catalogue;
  private final DatabaseSchema schema;

  /**
   * @param owner one connection
   * @param schema the shared one, or that of a tenant's cell
   */
  IsolationRules(DataSource owner, DatabaseSchema schema) {
    this.catalogue = JdbcClient.create(owner);
    this.schema = schema;
    // So that everything is shown with its schema.
    catalogue.sql("set search_path = pg_catalog").update();
  }

  /** Every breach as a sentence; none when all rules are kept. */
  List<String> breaches() {
    List<String> breaches = new ArrayList<>();
    breaches.addAll(tables());
    breaches.addAll(policies());
    breaches.addAll(views());
    breaches.addAll(functions());
    breaches.addAll(keys());
    breaches.addAll(possessions());
    breaches.addAll(grants());
    breaches.addAll(references());
    return breaches;
  }

  private List<String> tables() {
    return query(
        """
        select format('%s: has no forced row-level security', n.nspname || '.' || c.relname)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
           and n.nspname || '.' || c.relname <> all (:exempt) and {ours}
        union all
        select format('%s: row-level security does not reach its kind', c.oid::regclass)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('m', 'f') and {ours}
        union all
        select format('%s: has a tenant and is on the list of tables without', c.oid::regclass)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
         where n.nspname || '.' || c.relname = any (:exempt)
        """,
        WITHOUT_TENANT.keySet());
  }

  private List<String> policies() {
    List<String> breaches =
        new ArrayList<>(
            query(
                """
                select format('%s: has no policy tenant_isolation that says {isolation}',
                              c.oid::regclass)
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind in ('r', 'p') and c.relrowsecurity and {ours}
                   and not exists (
                     select from pg_policies p
                      where p.schemaname = n.nspname and p.tablename = c.relname
                        and p.policyname = 'tenant_isolation' and p.cmd = 'ALL'
                        and (p.roles = '{public}' or p.roles @> '{kontor_app,kontor_owner}')
                        and p.qual = '{isolation}' and p.with_check = '{isolation}')
                """,
                List.of()));
    breaches.addAll(
        query(
            """
            select format('%s.%s: policy %s opens it to %s', p.schemaname, p.tablename,
                          p.policyname, p.roles)
              from pg_policies p
             where p.permissive = 'PERMISSIVE' and p.policyname <> 'tenant_isolation'
               and (p.schemaname like 'kontor-%') = {cell}
               and not (p.policyname = 'every_tenant' and p.roles = '{kontor_worker}'
                        and p.schemaname || '.' || p.tablename = any (:exempt))
            """,
            EVERY_TENANT));
    return breaches;
  }

  private List<String> views() {
    return query(
        """
        select format('%s: is a view with its owner''s rights', c.oid::regclass)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'v' and {ours}
           and not coalesce('security_invoker=true' = any (c.reloptions), false)
        """,
        List.of());
  }

  private List<String> functions() {
    return query(
        """
        select format('%s: is a function with its owner''s rights', p.oid::regprocedure)
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where p.prosecdef and {ours}
           and (p.oid::regprocedure::text <> all (:exempt)
             or has_function_privilege('kontor_app', p.oid, 'execute')
             or not 'search_path=pg_catalog, pg_temp' = any (coalesce(p.proconfig, '{}')))
        """,
        WITH_OWNERS_RIGHTS.keySet());
  }

  private List<String> keys() {
    return query(
        """
        with with_tenant as (
          select c.oid, a.attnum from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
           where c.relkind in ('r', 'p') and {ours})
        select format('%s: is unique over tenants', i.indexrelid::regclass)
          from pg_index i join with_tenant t on t.oid = i.indrelid
          join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = x.relnamespace
         where i.indisunique and not t.attnum = any (i.indkey)
           and n.nspname || '.' || x.relname <> all (:exempt)
        union all
        select format('%s: %s refers across tenants', k.conrelid::regclass, k.conname)
          from pg_constraint k join with_tenant t on t.oid = k.conrelid
         where k.contype = 'f' and not t.attnum = any (k.conkey)
        """,
        KEYS_OVER_TENANTS.keySet());
  }

  private List<String> possessions() {
    return query(
        """
        select format('%s: owns %s', r.rolname, pg_describe_object(d.classid, d.objid, d.objsubid))
          from pg_shdepend d join pg_roles r on r.oid = d.refobjid
         where d.deptype = 'o' and r.rolname in ('kontor_app', 'kontor_worker')
           and d.refclassid = 'pg_authid'::regclass
           and d.dbid in (0, (select oid from pg_database where datname = current_database()))
        """,
        List.of());
  }

  private List<String> grants() {
    return query(
        """
        select format('%s: %s is granted to everybody', c.oid::regclass, g.privilege_type)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace,
               aclexplode(c.relacl) g
         where g.grantee = 0 and {ours}
        union all
        select format('%s: %s is granted to %s, without a tenant', c.oid::regclass,
                      g.privilege_type, g.grantee::regrole)
          from pg_class c, aclexplode(c.relacl) g
         where c.oid = to_regclass('{schema}.flyway_schema_history')
           and g.grantee::regrole::text <> 'kontor_owner'
        union all
        select format('schema %s: %s may create in it', n.nspname, r.rolname)
          from pg_namespace n, pg_roles r
         where r.rolname in ('kontor_app', 'kontor_worker') and {ours}
           and has_schema_privilege(r.oid, n.oid, 'CREATE')
        union all
        select format('%s: may create temporary tables', r.rolname)
          from pg_roles r
         where r.rolname in ('kontor_app', 'kontor_worker')
           and has_database_privilege(r.oid, current_database(), 'TEMP')
        """,
        List.of());
  }

  /** Nothing in a schema, or in its generations' schemas, refers to anything in another bank's. */
  private List<String> references() {
    return query(
        """
        with ours as (
          select c.oid, 'pg_class'::regclass as class, n.nspname from pg_class c
            join pg_namespace n on n.oid = c.relnamespace where n.nspname like 'kontor%'
          union all
          select p.oid, 'pg_proc'::regclass, n.nspname from pg_proc p
            join pg_namespace n on n.oid = p.pronamespace where n.nspname like 'kontor%')
        select distinct format('%s: refers to %s', pg_describe_object(d.classid, d.objid, 0),
                      pg_describe_object(d.refclassid, d.refobjid, 0))
          from pg_depend d
          join ours referred on referred.oid = d.refobjid and referred.class = d.refclassid
          left join pg_policy y on d.classid = 'pg_policy'::regclass and y.oid = d.objid
          left join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid
          left join pg_trigger t on d.classid = 'pg_trigger'::regclass and t.oid = d.objid
          left join pg_attrdef a on d.classid = 'pg_attrdef'::regclass and a.oid = d.objid
          left join pg_constraint k on d.classid = 'pg_constraint'::regclass and k.oid = d.objid
          join ours on ours.oid = coalesce(y.polrelid, w.ev_class, t.tgrelid, a.adrelid,
                                           k.conrelid, d.objid)
         where split_part(ours.nspname, '_', 1) <> split_part(referred.nspname, '_', 1)
        union all
        select format('%s: names another schema', p.oid::regprocedure)
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname like 'kontor-%'
           and p.prosrc ~ '(?<!_setting\\(.)\\mkontor(_[a-z]+)?\\.'
        """,
        List.of());
  }

  private List<String> query(String sql, Collection<String> exempt) {
    return catalogue
        .sql(
            sql.replace("{ours}", OURS)
                .replace("{isolation}", ISOLATION)
                .replace("{schema}", isShared() ? schema.name() : schema.quoted())
                .replace("{cell}", isShared() ? "false" : "true"))
        .param("exempt", exempt.stream().flatMap(this::named).toArray(String[]::new))
        .query(String.class)
        .list();
  }

  private boolean isShared() {
    return schema.equals(DatabaseSchema.SHARED);
  }

  /** As the catalogue's columns have it, and as it shows what it identifies. */
  private Stream<String> named(String object) {
    String name = object.substring(DatabaseSchema.SHARED.name().length());
    return isShared() ? Stream.of(object) : Stream.of(schema + name, schema.quoted() + name);
  }
}
