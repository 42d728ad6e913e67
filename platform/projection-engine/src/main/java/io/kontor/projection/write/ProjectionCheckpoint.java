package io.kontor.projection.write;

import static io.kontor.projection.tables.Tables.CHECKPOINT;
import static io.kontor.projection.tables.Tables.PROJECTION;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;

import java.util.Objects;
import java.util.OptionalLong;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.SelectConditionStep;

/**
 * The position of a projection's live generation, in a row that is locked before its tables are
 * written. A swap locks it, too, and may install a generation that is ahead of the batches. Runs in
 * the caller's transaction.
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

  /** The position of the tables. */
  public long position() {
    return Objects.requireNonNull(row().fetchSingle(PROJECTION.POSITION));
  }

  /**
   * Blocks batches and swaps until the transaction ends.
   *
   * @return the position of the tables
   */
  public long hold() {
    return Objects.requireNonNull(row().forUpdate().fetchSingle(PROJECTION.POSITION));
  }

  /** The same, but empty at once if a batch or a swap is under way. */
  public OptionalLong tryHold() {
    Long position = row().forUpdate().skipLocked().fetchOne(PROJECTION.POSITION);
    return position == null ? OptionalLong.empty() : OptionalLong.of(position);
  }

  /** Records the position of the tables. */
  public void moveTo(long position) {
    sql.update(PROJECTION)
        .set(PROJECTION.POSITION, position)
        .where(PROJECTION.NAME.eq(projection))
        .execute();
  }

  /** The edition of the tables. */
  long edition() {
    return Objects.requireNonNull(
        sql.select(PROJECTION.EDITION)
            .from(PROJECTION)
            .where(PROJECTION.NAME.eq(projection))
            .fetchSingle(PROJECTION.EDITION));
  }

  /** Records that rows change otherwise than by the next events: copies of them are void. */
  public void beginEdition() {
    sql.update(PROJECTION)
        .set(PROJECTION.EDITION, PROJECTION.EDITION.plus(1))
        .where(PROJECTION.NAME.eq(projection))
        .execute();
  }

  private SelectConditionStep<Record1<Long>> row() {
    return sql.select(PROJECTION.POSITION).from(PROJECTION).where(PROJECTION.NAME.eq(projection));
  }
}
