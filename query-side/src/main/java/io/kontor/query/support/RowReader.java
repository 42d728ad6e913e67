package io.kontor.query.support;

import static io.kontor.projections.tables.Tables.ACCOUNT;

import io.kontor.api.money.Money;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What every reader of the read models needs to know about their rows. */
public final class RowReader {
  private RowReader() {}

  /** A column that is never null in the row at hand. */
  public static <T> T get(Record row, Field<T> column) {
    T value = row.get(column);
    if (value == null) {
      throw new IllegalStateException(column + " is null");
    }
    return value;
  }

  /** An amount from its two columns. */
  public static Money money(Record row, Field<Long> minorUnits, Field<String> currency) {
    return new Money(get(row, minorUnits), Money.currencyOf(get(row, currency)));
  }

  /** Whether the current tenant has this account, and the customer, if one asks, owns it. */
  public static boolean isVisible(DSLContext sql, UUID account, @Nullable String customer) {
    return sql.fetchExists(ACCOUNT, ACCOUNT.ACCOUNT_ID.eq(account).and(ownedBy(customer)));
  }

  /** Which rows of {@code account} the customer owns; all of them when none asks. */
  public static Condition ownedBy(@Nullable String customer) {
    return customer == null ? DSL.noCondition() : ACCOUNT.CUSTOMER.eq(customer);
  }
}
