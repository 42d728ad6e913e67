package io.kontor.projection.write;

import static io.kontor.projection.tables.Tables.CHECKPOINT;
import static io.kontor.projection.tables.Tables.PROJECTION;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import io.kontor.projection.EventContext;
import java.util.List;
import java.util.Objects;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.jooq.DSLContext;
import org.jooq.Record1;

/**
 * The position of the live generation, in a row that every batch locks before it writes. A swap
 * locks it, too, and may install a generation that is ahead of the batches; events that it contains
 * are then skipped. Runs in the caller's transaction.
 */
public final class ProjectionCheckpoint {
  private final String projection;
  private final DSLContext sql;

  public ProjectionCheckpoint(String projection, DSLContext sql) {
    this.projection = projection;
    this.sql = sql;
  }

  /** Inserts the projection's row if it is missing. */
  public void register(int version) {
    sql.insertInto(PROJECTION)
        .set(PROJECTION.NAME, projection)
        .set(PROJECTION.GENERATION, 1)
        .set(PROJECTION.VERSION, version)
        .set(
            PROJECTION.POSITION,
            coalesce(
                field(
                    select(CHECKPOINT.POSITION)
                        .from(CHECKPOINT)
                        .where(CHECKPOINT.PROJECTION.eq(projection))),
                inline(0L)))
        .onConflictDoNothing()
        .execute();
  }

  /**
   * Advances the checkpoint and returns the events that are not in the tables yet, which the caller
   * must write.
   */
  public List<EventMessage<?>> advance(List<EventMessage<?>> batch) {
    Record1<Long> before =
        sql.resultQuery(
                """
                update kontor.projection set position = greatest(position, {0}) where name = {1}
                returning old.position
                """,
                val(position(batch.getLast())), val(projection))
            .coerce(field("position", Long.class))
            .fetchOne();
    if (before == null) {
      throw new IllegalStateException("the projection %s was never started".formatted(projection));
    }
    long done = before.value1();
    return done < position(batch.getFirst())
        ? batch
        : batch.stream().filter(event -> position(event) > done).toList();
  }

  /**
   * Blocks batches and swaps until the transaction ends.
   *
   * @return the position of the tables
   */
  public long hold() {
    return Objects.requireNonNull(
        sql.select(PROJECTION.POSITION)
            .from(PROJECTION)
            .where(PROJECTION.NAME.eq(projection))
            .forUpdate()
            .fetchSingle(PROJECTION.POSITION));
  }

  private static long position(EventMessage<?> event) {
    return EventContext.position(((TrackedEventMessage<?>) event).trackingToken());
  }
}
