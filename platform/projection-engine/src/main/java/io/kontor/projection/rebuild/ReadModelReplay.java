package io.kontor.projection.rebuild;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventPageReader.Page;
import io.kontor.projection.Projection;
import io.kontor.projection.write.GenerationSchema;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.tenancy.TenantId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.axonframework.eventhandling.EventMessage;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Builds read models as of a position in the schema {@code kontor_scratch}, which queries don't
 * read. Replaces an earlier replay of the same projections.
 */
public final class ReadModelReplay {
  private static final int BATCH = 20_000;

  private final List<Projection<?>> projections;
  private final ProjectionDatabase worker;
  private final EventPageReader events;
  private final Generation generation;

  public ReadModelReplay(
      List<? extends Projection<?>> projections,
      ProjectionDatabase worker,
      EventPageReader events) {
    this.projections = List.copyOf(projections);
    this.worker = worker;
    this.events = events;
    this.generation = new Generation(worker, GenerationSchema.SCRATCH, this.projections);
  }

  /**
   * Builds the tables and their indexes.
   *
   * @param tenant only this tenant's rows; all tenants' if null
   * @param progress receives each position reached
   * @return the position reached: the end of the unit of work that contains {@code upTo}
   */
  public long run(@Nullable TenantId tenant, long upTo, LongConsumer progress) {
    worker.transactions().executeInTransaction(generation::create);
    long position = 0;
    while (position < upTo) {
      Page page = events.read(tenant, position, Math.min(upTo, position + BATCH));
      List<EventMessage<?>> all = List.copyOf(page.events());
      worker.transactions().executeInTransaction(() -> generation.take(all));
      position = page.upTo();
      progress.accept(position);
    }
    generation.complete(worker.transactions());
    return position;
  }

  /** The schema with the tables. */
  public String schema() {
    return worker.name(GenerationSchema.SCRATCH);
  }

  /** A tenant's rows of each table. */
  public Map<String, Result<? extends Record>> rows(TenantId tenant) {
    return worker
        .transactions()
        .fetchInTransaction(
            () -> {
              ProjectionDatabase.actFor(worker.sql(), tenant);
              Map<String, Result<? extends Record>> rows = new LinkedHashMap<>();
              for (Projection<?> projection : projections) {
                for (Table<?> table : projection.tables()) {
                  rows.put(
                      table.getName(),
                      worker
                          .in(GenerationSchema.SCRATCH)
                          .selectFrom(table)
                          .orderBy(table.fields())
                          .fetch());
                }
              }
              return rows;
            });
  }

  /** Removes the tables. */
  public void drop() {
    worker.transactions().executeInTransaction(generation::drop);
  }
}
