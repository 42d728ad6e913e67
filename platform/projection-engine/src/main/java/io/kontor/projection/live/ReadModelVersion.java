package io.kontor.projection.live;

import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * The state that a read model's rows have: which edition, and after which event.
 *
 * @param edition changes when rows change otherwise than by the next events
 */
public record ReadModelVersion(long edition, long position) {
  /** The columns of {@link #of}. */
  public static final Field<Long> EDITION = DSL.field(DSL.name("v", "edition"), SQLDataType.BIGINT);

  public static final Field<Long> POSITION =
      DSL.field(DSL.name("v", "position"), SQLDataType.BIGINT);

  /**
   * A table of one row, to be read with the rows of the read model in one statement: only then do
   * they belong together.
   */
  public static Table<?> of(String projection) {
    return DSL.table(
            "(select edition, position from projection where name = {0})", DSL.inline(projection))
        .as("v");
  }
}
