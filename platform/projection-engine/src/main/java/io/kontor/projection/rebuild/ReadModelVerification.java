package io.kontor.projection.rebuild;

import static io.kontor.projection.tables.Tables.PROJECTION;
import static java.util.stream.Collectors.joining;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventPageReader.Page;
import io.kontor.projection.Projection;
import io.kontor.projection.rebuild.EventPrefetcher.FoldedPage;
import io.kontor.projection.write.GenerationSchema;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jooq.Field;
import org.jooq.Table;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Rebuilds every read model from the events in the scratch schema, with the same code, and compares
 * it with the live one row by row. Both are compared in one snapshot at the same position, so the
 * bank may run meanwhile.
 */
public final class ReadModelVerification {
  private static final int BATCH = 20_000;
  private static final int SHOWN = 20;

  private final Generation all;
  private final List<Made> made;
  private final ProjectionDatabase worker;
  private final EventPageReader events;
  private final TransactionTemplate snapshot;
  private long position;

  private record Made(Projection<?> projection, Generation again) {}

  /**
   * A row that differs from what the events produce.
   *
   * @param row its key within the tenant
   */
  public record Difference(
      String projection, TenantId tenant, String table, String row, String what) {}

  public ReadModelVerification(
      List<? extends Projection<?>> projections,
      ProjectionDatabase worker,
      EventPageReader events) {
    this.worker = worker;
    this.events = events;
    this.all = new Generation(worker, GenerationSchema.SCRATCH, List.copyOf(projections));
    this.made =
        projections.stream()
            .map(
                projection ->
                    new Made(
                        projection,
                        new Generation(worker, GenerationSchema.SCRATCH, List.of(projection))))
            .toList();
    this.snapshot = new TransactionTemplate(new JdbcTransactionManager(worker.dataSource()));
    this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  /**
   * Compares everything.
   *
   * @param reached receives each position reached by the rebuilt models
   * @return the differences, at most {@value #SHOWN} per tenant and table
   * @throws IllegalStateException if a projection was rebuilt meanwhile
   */
  public List<Difference> run(Collection<TenantId> tenants, LongConsumer reached) {
    List<Difference> differences = new ArrayList<>();
    try {
      worker.transactions().executeInTransaction(all::create);
      catchUp(reached);
      all.complete(worker.transactions());
      catchUp(reached);
      for (Made one : made) {
        snapshot.executeWithoutResult(
            transaction -> {
              differences.addAll(compare(one, tenants));
              transaction.setRollbackOnly();
            });
      }
    } finally {
      worker.transactions().executeInTransaction(all::drop);
    }
    return differences;
  }

  /**
   * Catches up with the slowest live projection; writes a page while the next one is read and
   * folded, as a rebuild does.
   */
  private void catchUp(LongConsumer reached) {
    var prefetcher = new EventPrefetcher(events, all, null, BATCH);
    for (long live = slowest(); position < live; live = slowest()) {
      var pages = prefetcher.pages(position, live);
      while (position < live) {
        FoldedPage page = pages.next();
        worker.transactions().executeInTransaction(() -> all.takeFolded(page.folded()));
        position = page.upTo();
        reached.accept(position);
      }
    }
  }

  private long slowest() {
    return made.stream().mapToLong(one -> live(one.projection())).min().orElse(0);
  }

  /** Checkpoint of the live generation, in the caller's transaction. */
  private long live(Projection<?> projection) {
    Long live =
        worker
            .sql()
            .select(PROJECTION.POSITION)
            .from(PROJECTION)
            .where(PROJECTION.NAME.eq(projection.name()))
            .fetchOne(PROJECTION.POSITION);
    return live == null ? 0 : live;
  }

  private List<Difference> compare(Made one, Collection<TenantId> tenants) {
    long live = live(one.projection());
    if (live < position) {
      throw new IllegalStateException(
          "the projection %s was rebuilt meanwhile: verify again"
              .formatted(one.projection().name()));
    }
    for (long done = position; done < live; ) {
      Page page = events.read(null, done, Math.min(live, done + BATCH));
      one.again().take(List.copyOf(page.events()));
      done = page.upTo();
    }
    List<Difference> differences = new ArrayList<>();
    for (TenantId tenant : tenants) {
      ProjectionDatabase.actFor(worker.sql(), tenant);
      for (Table<?> table : one.projection().tables()) {
        if (areEqual(table)) {
          continue;
        }
        differences.addAll(compare(one.projection().name(), tenant, table));
      }
    }
    return differences;
  }

  /**
   * Compares the tenant's rows as a whole, by their number and the sums of two hashes of each,
   * which takes a fraction of the time that a comparison row by row does.
   */
  private boolean areEqual(Table<?> table) {
    return worker
        .sql()
        .fetchSingle(
            "select (%s) is not distinct from (%s)"
                .formatted(
                    digest(GenerationSchema.SCRATCH, table), digest(GenerationSchema.LIVE, table)))
        .get(0, Boolean.class);
  }

  private String digest(GenerationSchema schema, Table<?> table) {
    return """
    select row(count(*), sum(hash_record_extended(t, 1)), sum(hash_record_extended(t, 2)))
    from "%s".%s t"""
        .formatted(worker.name(schema), table.getName());
  }

  private List<Difference> compare(String projection, TenantId tenant, Table<?> table) {
    List<? extends Field<?>> key = Objects.requireNonNull(table.getPrimaryKey()).getFields();
    String name = table.getName();
    String keys = key.stream().map(Field::getName).collect(joining(", "));
    String shown = key.stream().skip(1).map(Field::getName).collect(joining(", "));
    return worker
        .sql()
        .fetch(
            """
            select concat_ws('/', %2$s),
              case
                when served.row is null then 'is missing'
                when made.row is null then 'should not be there'
                else (select string_agg(format('%%s is %%s and should be %%s', name,
                          served.row -> name, made.row -> name), ', ' order by name)
                      from jsonb_object_keys(made.row) name
                      where made.row -> name is distinct from served.row -> name)
              end
            from (select %1$s, to_jsonb(t) as row from "%3$s".%5$s t) made
            full join (select %1$s, to_jsonb(t) as row from "%4$s".%5$s t) served using (%1$s)
            where made.row is distinct from served.row
            order by 1
            limit %6$d
            """
                .formatted(
                    keys,
                    shown,
                    worker.name(GenerationSchema.SCRATCH),
                    worker.name(GenerationSchema.LIVE),
                    name,
                    SHOWN))
        .map(
            row ->
                new Difference(
                    projection, tenant, name, row.get(0, String.class), row.get(1, String.class)));
  }
}
