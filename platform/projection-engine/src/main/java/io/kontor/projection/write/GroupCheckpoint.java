package io.kontor.projection.write;

import static io.kontor.projection.tables.Tables.PROJECTION;
import static org.jooq.impl.DSL.any;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jooq.DSLContext;

/**
 * The checkpoints of several projections, moved by one statement. Runs in the caller's transaction.
 */
final class GroupCheckpoint {
  private final String[] projections;
  private final DSLContext sql;

  GroupCheckpoint(Set<String> projections, DSLContext sql) {
    this.projections = projections.toArray(String[]::new);
    this.sql = sql;
  }

  /** A checkpoint before it was moved, and the edition of its read model. */
  record Moved(long position, long edition) {}

  /**
   * Locks and moves the checkpoints that stand from {@code from} on and before {@code to}. One that
   * stands before {@code from} would leave a gap, and one that a swap, a catch-up or another node
   * holds would make all others wait: these stay as they are.
   *
   * @return the checkpoints that were moved, as they were before
   */
  Map<String, Moved> advance(long from, long to) {
    Map<String, Moved> moved = new LinkedHashMap<>();
    sql.fetch(
            """
            with due as (
              select name, position from projection
               where name = any (?) and position >= ? and position < ?
               order by name for update skip locked)
            update projection set position = ? from due where projection.name = due.name
            returning due.name, due.position, edition
            """,
            projections,
            from,
            to,
            to)
        .forEach(
            row ->
                moved.put(
                    row.get(0, String.class),
                    new Moved(row.get(1, Long.class), row.get(2, Long.class))));
    return moved;
  }

  /** The projections before a position. */
  Set<String> before(long position) {
    return sql.select(PROJECTION.NAME)
        .from(PROJECTION)
        .where(PROJECTION.NAME.eq(any(projections)))
        .and(PROJECTION.POSITION.lt(position))
        .fetchSet(PROJECTION.NAME);
  }
}
