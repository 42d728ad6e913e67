package io.kontor.projection;

import java.math.BigDecimal;
import java.util.List;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** The change of one row; later changes of a batch fold into earlier ones. */
public final class RowChange {
  /** What the row's statement does. */
  public enum Kind {
    INSERT,
    UPDATE,
    ACCUMULATE
  }

  private final Kind kind;
  private final List<Object> key;
  private final TableColumns columns;
  private final @Nullable Object[] values;
  private long places;

  RowChange(Kind kind, TableColumns columns, List<Object> key) {
    this.kind = kind;
    this.columns = columns;
    this.key = key;
    this.values = new @Nullable Object[columns.count()];
  }

  /** Sets a column. */
  public <T> RowChange set(Field<T> column, T value) {
    if (kind == Kind.ACCUMULATE) {
      throw new IllegalStateException("a sum is only added to: " + column);
    }
    put(columns.place(column), value);
    return this;
  }

  /** Adds to a sum; only for a row of {@link RowChanges#accumulate}. */
  public RowChange add(Field<BigDecimal> column, BigDecimal amount) {
    if (kind != Kind.ACCUMULATE) {
      throw new IllegalStateException("not a sum: " + column);
    }
    int place = columns.place(column);
    BigDecimal sum = (BigDecimal) values[place];
    put(place, sum == null ? amount : sum.add(amount));
    return this;
  }

  public Kind kind() {
    return kind;
  }

  /** The primary key without the tenant. */
  public List<Object> key() {
    return key;
  }

  /** The changed columns, as a bit set of column indexes. */
  public long places() {
    return places;
  }

  /** The new value, or the sum to add, of the column with this index. */
  public @Nullable Object value(int place) {
    return values[place];
  }

  private void put(int place, @Nullable Object value) {
    values[place] = value;
    places |= 1L << place;
  }
}
