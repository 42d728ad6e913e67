package io.kontor.projections.engine;

import static io.kontor.projections.tables.Tables.DEAD_LETTER;
import static io.kontor.projections.tables.Tables.PARKED_EVENTS;

import io.kontor.projections.engine.Projector.Folded;
import io.kontor.projections.engine.RowChange.Kind;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.jooq.DSLContext;
import org.jooq.Table;

/**
 * Some projections' tables at a place other than the live one, written by the same code as those.
 * All within the caller's transaction.
 */
public final class Generation {
  private final GenerationSchema place;
  private final List<Projection<?>> projections;
  private final DSLContext sql;
  private final List<Projector<?>> projectors;
  private final String[] tables;

  /** An index that a generation does not have yet. */
  public record Index(String table, String name) {}

  public Generation(
      ProjectionDatabase worker, GenerationSchema place, List<Projection<?>> projections) {
    this.place = place;
    this.projections = projections;
    this.sql = worker.sql();
    DSLContext rows = worker.in(place);
    this.projectors =
        projections.stream()
            .<Projector<?>>map(
                projection ->
                    new Projector<>(
                        projection,
                        rows,
                        worker.parked(place.parked(projection.name())),
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

  /** Begins with empty tables that have no indexes. */
  public void create() {
    forgetParked();
    sql.execute("select kontor.create_generation(?, ?)", place.schema(), tables);
  }

  public void drop() {
    forgetParked();
    sql.execute("select kontor.drop_generation(?, ?)", place.schema(), tables);
  }

  /** What events come to in each projection; needs no transaction. */
  List<Folded> fold(List<EventMessage<?>> events) {
    return projectors.stream().map(projector -> projector.fold(events)).toList();
  }

  /** Takes the next events of the event store. */
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

  /** Adds what is still missing after the last event, each in a transaction of its own. */
  void complete(TransactionManager transactions) {
    missingIndexes().forEach(index -> transactions.executeInTransaction(() -> add(index)));
    transactions.executeInTransaction(this::analyze);
  }

  /** The indexes of the live tables that it does not have yet. */
  public List<Index> missingIndexes() {
    return sql.fetch("select * from kontor.missing_indexes(?, ?)", place.schema(), tables)
        .map(row -> new Index(row.get(0, String.class), row.get(1, String.class)));
  }

  public void add(Index index) {
    sql.execute("select kontor.add_index(?, ?, ?)", place.schema(), index.table(), index.name());
  }

  void analyze() {
    sql.execute("select kontor.analyze_generation(?, ?)", place.schema(), tables);
  }

  /** Whether its tables are there and have the columns and checks of the live ones. */
  boolean fitsLiveTables() {
    return fitsLiveTables(sql, place, projections);
  }

  /** The same, of some projections' tables at a place. */
  static boolean fitsLiveTables(
      DSLContext sql, GenerationSchema place, List<? extends Projection<?>> projections) {
    return sql.fetchSingle(
            """
            with parts as (
              select n.nspname, c.oid, c.relname from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
               where c.relname = any (?) and n.nspname in ('kontor', ?) and c.relkind = 'r'),
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
            tables(projections), place.schema())
        .get(0, Boolean.class);
  }

  /** It serves from now on, and what served is the previous one. */
  void swapWithLive() {
    boolean forward = place == GenerationSchema.NEXT;
    for (Projection<?> projection : projections) {
      String name = projection.name();
      GenerationSchema aside = forward ? GenerationSchema.PREVIOUS : GenerationSchema.NEXT;
      forget(aside.parked(name));
      rename(name, aside.parked(name));
      rename(place.parked(name), name);
      if (!forward) {
        rename(aside.parked(name), place.parked(name));
      }
      recount(name);
    }
    sql.execute("select kontor.swap_generation(?, ?)", place.schema(), tables);
  }

  /** The bound tenant's rows replace those of the live generation. */
  void replaceRowsOf(TenantId tenant) {
    for (Projection<?> projection : projections) {
      String name = projection.name();
      sql.deleteFrom(DEAD_LETTER)
          .where(DEAD_LETTER.PROCESSING_GROUP.eq(name))
          .and(DEAD_LETTER.TENANT_ID.eq(tenant.value()))
          .execute();
      rename(place.parked(name), name);
      recount(name);
    }
    ProjectionDatabase.actFor(sql, tenant);
    sql.execute("select kontor.replace_rows(?)", (Object) tables);
  }

  void dropPrevious() {
    projections.forEach(projection -> forget(GenerationSchema.PREVIOUS.parked(projection.name())));
    sql.execute("select kontor.drop_generation(?, ?)", GenerationSchema.PREVIOUS.schema(), tables);
  }

  /** A row that exists is found by its key, so the key can't wait until all rows are there. */
  private void addKeysFor(RowChanges changes) {
    for (Table<?> table : changes.tables()) {
      if (changes.rows(table).stream().anyMatch(row -> row.kind() != Kind.INSERT)) {
        add(new Index(table.getName(), Objects.requireNonNull(table.getPrimaryKey()).getName()));
      }
    }
  }

  private void forgetParked() {
    projections.forEach(projection -> forget(place.parked(projection.name())));
  }

  private void forget(String parked) {
    sql.deleteFrom(DEAD_LETTER).where(DEAD_LETTER.PROCESSING_GROUP.eq(parked)).execute();
    sql.update(PARKED_EVENTS)
        .set(PARKED_EVENTS.EVENTS, 0L)
        .where(PARKED_EVENTS.PROJECTION.eq(parked))
        .execute();
  }

  private void rename(String parked, String now) {
    sql.update(DEAD_LETTER)
        .set(DEAD_LETTER.PROCESSING_GROUP, now)
        .where(DEAD_LETTER.PROCESSING_GROUP.eq(parked))
        .execute();
  }

  private void recount(String name) {
    Stream.of(place, GenerationSchema.LIVE)
        .map(where -> where.parked(name))
        .forEach(
            parked ->
                sql.execute(
                    """
                    insert into kontor.parked_events as known (projection, events)
                    select ?, coalesce(sum(1 + followers), 0)::bigint from kontor.dead_letter where processing_group = ?
                    on conflict (projection) do update set events = excluded.events
                    """,
                    parked,
                    parked));
  }
}
