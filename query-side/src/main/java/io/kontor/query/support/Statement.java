package io.kontor.query.support;

import static io.kontor.projections.tables.Tables.POSTING;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.select;

import java.time.Instant;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/**
 * Start and end of an account's statement. Postings are ordered by position; an instant only
 * selects the first position. So the balance at {@code from}, the postings up to {@code to} and the
 * balance at {@code to} agree even if clocks were out of order.
 */
public final class Statement {
  /** Upper bound of the clock differences between nodes in old events. */
  private static final DayToSecond DISORDER = DayToSecond.valueOf(java.time.Duration.ofHours(1));

  private Statement() {}

  /**
   * Position of the first posting booked at or after an instant; {@link Long#MAX_VALUE} if there is
   * none.
   */
  public static Field<Long> start(UUID account, Instant at) {
    Condition later = POSTING.ACCOUNT_ID.eq(account).and(POSTING.BOOKED_AT.ge(at));
    // The earliest by time comes from an index; postings with a lower position are dated at most
    // DISORDER later.
    Field<Instant> first = field(select(min(POSTING.BOOKED_AT)).from(POSTING).where(later));
    return coalesce(
        field(
            select(min(POSTING.POSITION))
                .from(POSTING)
                .where(later)
                .and(
                    POSTING.BOOKED_AT.le(
                        DSL.field("{0} + {1}", Instant.class, first, inline(DISORDER))))),
        inline(Long.MAX_VALUE));
  }
}
