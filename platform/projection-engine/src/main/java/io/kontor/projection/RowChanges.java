package io.kontor.projection;

import io.kontor.projection.RowChange.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Table;

/**
 * The changes of one tenant in a batch, folded by row: a row changed by a thousand events is
 * written once. Rows are identified by their primary key without the tenant, which the engine adds,
 * so that a projection cannot change another tenant's row.
 */
public final class RowChanges {
  private final IdentityHashMap<Table<?>, Map<List<Object>, RowChange>> rows =
      new IdentityHashMap<>();

  /** In the order of their first change. */
  private final List<Table<?>> tables = new ArrayList<>();

  /**
   * Inserts a row.
   *
   * @throws IllegalStateException if this batch has changed that row already
   */
  public RowChange insert(Table<?> table, Object... key) {
    TableColumns columns = TableColumns.of(table);
    RowChange row = new RowChange(Kind.INSERT, columns, key(table, columns, key));
    if (rowsOf(table).putIfAbsent(row.key(), row) != null) {
      throw new IllegalStateException(
          "%s has a row %s already".formatted(table.getName(), row.key()));
    }
    return row;
  }

  /** Updates an existing row. */
  public RowChange update(Table<?> table, Object... key) {
    return change(Kind.UPDATE, table, key);
  }

  /** Adds to a row of sums, which is inserted with zeros if missing. */
  public RowChange accumulate(Table<?> table, Object... key) {
    return change(Kind.ACCUMULATE, table, key);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The changed tables, in the order of their first change. */
  public List<Table<?>> tables() {
    return tables;
  }

  /** The changes of a changed table. */
  public Collection<RowChange> rows(Table<?> table) {
    return Objects.requireNonNull(rows.get(table)).values();
  }

  private RowChange change(Kind kind, Table<?> table, Object... key) {
    TableColumns columns = TableColumns.of(table);
    return rowsOf(table)
        .computeIfAbsent(key(table, columns, key), named -> new RowChange(kind, columns, named));
  }

  private Map<List<Object>, RowChange> rowsOf(Table<?> table) {
    return rows.computeIfAbsent(
        table,
        first -> {
          tables.add(first);
          return new LinkedHashMap<>();
        });
  }

  private static List<Object> key(Table<?> table, TableColumns columns, Object... key) {
    List<Field<?>> named = columns.key();
    if (named.size() != key.length) {
      throw new IllegalArgumentException("%s is named by %s".formatted(table.getName(), named));
    }
    for (int i = 0; i < key.length; i++) {
      if (!named.get(i).getType().isInstance(key[i])) {
        throw new IllegalArgumentException("not a %s: %s".formatted(named.get(i), key[i]));
      }
    }
    return List.of(key);
  }
}
