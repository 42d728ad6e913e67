package io.kontor.projection.rebuild;

import static io.kontor.projection.tables.Tables.DEAD_LETTER;
import static io.kontor.projection.tables.Tables.PARKED_EVENTS;

import io.kontor.projection.Projection;
import io.kontor.projection.RowChange.Kind;
import io.kontor.projection.RowChanges;
import io.kontor.projection.write.GenerationSchema;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projection.write.Projector;
import io.kontor.projection.write.Projector.Folded;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.jooq.DSLContext;
import org.jooq.Table;

/**
 * Tables of some projections in a schema other than the live one, written by the same code. Runs in
 * the caller's transaction.
 */
public final class Generation {
  private final GenerationSchema schema;
  private final String schemaName;
  private final List<Projection<?>> projections;
  private final DSLContext sql;
  private final List<Projector<?>> projectors;
  private final String[] tables;

  /** An index that a generation lacks. */
  public record Index(String table, String name) {}

  public Generation(
      ProjectionDatabase worker, GenerationSchema schema, List<Projection<?>> projections) {
    this.schema = schema;
    this.schemaName = worker.name(schema);
    this.projections = projections;
    this.sql = worker.sql();
    DSLContext rows = worker.in(schema);
    this.projectors =
        projections.stream()
            .<Projector<?>>map(
                projection ->
                    new Projector<>(
                        projection,
                        rows,
                        worker.deadLetters(schema.deadLetterGroup(projection.name())),
                        worker.backoff(),
                        this::addKeysFor))
            .toList();
    this.tables = tables(projections);
  }

  private static String[] tables(List<? extends Projection<?>> projections) {
    return projections.stream()
        .flatMap(projection -> projection.tables().stream())
        .map(Table::getName)
        .toArray(String[]::new);
  }

  /** Creates empty tables without indexes. */
  public void create() {
    deleteDeadLetters();
    sql.execute("select create_generation(?, ?)", schemaName, tables);
  }

  public void drop() {
    deleteDeadLetters();
    sql.execute("select drop_generation(?, ?)", schemaName, tables);
  }

  /** Folds events into row changes for each projection; needs no transaction. */
  List<Folded> fold(List<EventMessage<?>> events) {
    return projectors.stream().map(projector -> projector.fold(events)).toList();
  }

  /** Writes the next events of the event store. */
  void take(List<EventMessage<?>> events) {
    takeFolded(fold(events));
  }

  void takeFolded(List<Folded> folded) {
    for (int n = 0; n < folded.size(); n++) {
      if (!folded.get(n).events().isEmpty()) {
        projectors.get(n).take(folded.get(n));
      }
    }
  }

  boolean concerns(EventMessage<?> event) {
    return projections.stream()
        .anyMatch(projection -> projection.events().isAssignableFrom(event.getPayloadType()));
  }

  /** Adds missing indexes and statistics after the last event, each in its own transaction. */
  void complete(TransactionManager transactions) {
    missingIndexes().forEach(index -> transactions.executeInTransaction(() -> add(index)));
    transactions.executeInTransaction(this::analyze);
  }

  /** The indexes of the live tables that this generation lacks. */
  public List<Index> missingIndexes() {
    return sql.fetch("select * from missing_indexes(?, ?)", schemaName, tables)
        .map(row -> new Index(row.get(0, String.class), row.get(1, String.class)));
  }

  public void add(Index index) {
    sql.execute("select add_index(?, ?, ?)", schemaName, index.table(), index.name());
  }

  void analyze() {
    sql.execute("select analyze_generation(?, ?)", schemaName, tables);
  }

  /** Whether the tables exist and have the columns and checks of the live ones. */
  boolean fitsLiveTables() {
    return fitsLiveTables(sql, schema, projections);
  }

  /** The same for the tables of some projections in a schema. */
  static boolean fitsLiveTables(
      DSLContext sql, GenerationSchema schema, List<? extends Projection<?>> projections) {
    return sql.fetchSingle(
            """
            with parts as (
              select n.nspname, c.oid, c.relname from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
               where c.relname = any (?) and n.nspname in (current_schema(), current_schema() || ?) and c.relkind = 'r'),
            details as (
              select relname, attname::text as name, format('%s %s', atttypid, attnotnull) as form
                from parts join pg_attribute on attrelid = parts.oid
               where attnum > 0 and not attisdropped
              union all
              select relname, conname, pg_get_constraintdef(pg_constraint.oid)
                from parts join pg_constraint on conrelid = parts.oid where contype = 'c')
            select not exists (
              select from details group by relname, name, form having count(*) <> 2)
            """,
            tables(projections), schema.nameSuffix())
        .get(0, Boolean.class);
  }

  /** Makes this generation live and the live one the previous. */
  void swapWithLive() {
    boolean forward = schema == GenerationSchema.NEXT;
    for (Projection<?> projection : projections) {
      String name = projection.name();
      GenerationSchema aside = forward ? GenerationSchema.PREVIOUS : GenerationSchema.NEXT;
      deleteDeadLetters(aside.deadLetterGroup(name));
      rename(name, aside.deadLetterGroup(name));
      rename(schema.deadLetterGroup(name), name);
      if (!forward) {
        rename(aside.deadLetterGroup(name), schema.deadLetterGroup(name));
      }
      recount(name);
    }
    sql.execute("select swap_generation(?, ?)", schemaName, tables);
  }

  /** Replaces the tenant's rows of the live generation with those of this one. */
  void replaceRowsOf(TenantId tenant) {
    for (Projection<?> projection : projections) {
      String name = projection.name();
      sql.deleteFrom(DEAD_LETTER)
          .where(DEAD_LETTER.PROCESSING_GROUP.eq(name))
          .and(DEAD_LETTER.TENANT_ID.eq(tenant.value()))
          .execute();
      rename(schema.deadLetterGroup(name), name);
      recount(name);
    }
    ProjectionDatabase.actFor(sql, tenant);
    sql.execute("select replace_rows(?)", (Object) tables);
  }

  void dropPrevious() {
    projections.forEach(
        projection ->
            deleteDeadLetters(GenerationSchema.PREVIOUS.deadLetterGroup(projection.name())));
    sql.execute(
        "select drop_generation(current_schema() || ?, ?)",
        GenerationSchema.PREVIOUS.nameSuffix(),
        tables);
  }

  /** Updates and sums look rows up by primary key, so it can't be added at the end. */
  private void addKeysFor(RowChanges changes) {
    for (Table<?> table : changes.tables()) {
      if (changes.rows(table).stream().anyMatch(row -> row.kind() != Kind.INSERT)) {
        add(new Index(table.getName(), Objects.requireNonNull(table.getPrimaryKey()).getName()));
      }
    }
  }

  private void deleteDeadLetters() {
    projections.forEach(projection -> deleteDeadLetters(schema.deadLetterGroup(projection.name())));
  }

  private void deleteDeadLetters(String group) {
    sql.deleteFrom(DEAD_LETTER).where(DEAD_LETTER.PROCESSING_GROUP.eq(group)).execute();
    sql.update(PARKED_EVENTS)
        .set(PARKED_EVENTS.EVENTS, 0L)
        .where(PARKED_EVENTS.PROJECTION.eq(group))
        .execute();
  }

  private void rename(String group, String now) {
    sql.update(DEAD_LETTER)
        .set(DEAD_LETTER.PROCESSING_GROUP, now)
        .where(DEAD_LETTER.PROCESSING_GROUP.eq(group))
        .execute();
  }

  private void recount(String name) {
    Stream.of(schema, GenerationSchema.LIVE)
        .map(where -> where.deadLetterGroup(name))
        .forEach(
            group ->
                sql.execute(
                    """
                    insert into parked_events as known (projection, events)
                    select ?, coalesce(sum(1 + followers), 0)::bigint from dead_letter where processing_group = ?
                    on conflict (projection) do update set events = excluded.events
                    """,
                    group,
                    group));
  }
}
