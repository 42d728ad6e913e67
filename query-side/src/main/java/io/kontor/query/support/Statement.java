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
 * Where an account's statement of a time begins and ends. Its postings are ordered by position; an
 * instant only says where to cut. So the balance at {@code from}, the postings from then to {@code
 * to} and the balance at {@code to} tie whatever the clocks said that dated them.
 */
public final class Statement {
  /** Nodes' clocks, by which events were dated once, differed by less. */
  private static final DayToSecond DISORDER = DayToSecond.valueOf(java.time.Duration.ofHours(1));

  private Statement() {}

  /**
   * The position of the first posting that was booked at or after an instant; past all, if none.
   */
  public static Field<Long> start(UUID account, Instant at) {
    Condition later = POSTING.ACCOUNT_ID.eq(account).and(POSTING.BOOKED_AT.ge(at));
    // The first by clock is found at once; those before it in order can't be dated much later.
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
