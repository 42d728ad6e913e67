package io.kontor.projections.engine;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Field;

/** What is to become of one row; later changes of a batch fold into earlier ones. */
public final class Row {
  enum Kind {
    INSERT,
    UPDATE,
    ACCUMULATE
  }

  private final Kind kind;
  private final List<Object> key;
  private final Map<Field<?>, Object> values = new LinkedHashMap<>();

  Row(Kind kind, List<Object> key) {
    this.kind = kind;
    this.key = key;
  }

  /** The column's value from now on. */
  public <T> Row set(Field<T> column, T value) {
    if (kind == Kind.ACCUMULATE) {
      throw new IllegalStateException("a sum is only added to: " + column);
    }
    values.put(column, value);
    return this;
  }

  /** Adds to a sum; only for a row of {@link Changes#accumulate}. */
  public Row add(Field<BigDecimal> column, BigDecimal amount) {
    if (kind != Kind.ACCUMULATE) {
      throw new IllegalStateException("not a sum: " + column);
    }
    values.merge(column, amount, (sum, more) -> ((BigDecimal) sum).add((BigDecimal) more));
    return this;
  }

  Kind kind() {
    return kind;
  }

  List<Object> key() {
    return key;
  }

  Map<Field<?>, Object> values() {
    return values;
  }
}
