package io.kontor.projections.engine;

import io.kontor.projections.engine.Row.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Table;

/**
 * The row changes of a run of one tenant's events, folded by row: a row that a thousand events
 * change is written once. A row is named by its primary key without the tenant, which the engine
 * adds, so that a projection cannot name another tenant's row.
 */
public final class Changes {
  private final Map<Table<?>, Map<List<Object>, Row>> rows = new LinkedHashMap<>();

  /**
   * A new row.
   *
   * @throws IllegalStateException when this run has changed that row already
   */
  public Row insert(Table<?> table, Object... key) {
    Row row = new Row(Kind.INSERT, key(table, key));
    if (rowsOf(table).putIfAbsent(row.key(), row) != null) {
      throw new IllegalStateException(
          "%s has a row %s already".formatted(table.getName(), row.key()));
    }
    return row;
  }

  /** A row that exists. */
  public Row update(Table<?> table, Object... key) {
    return rowsOf(table).computeIfAbsent(key(table, key), k -> new Row(Kind.UPDATE, k));
  }

  /** A row of sums, which begins with zeros. */
  public Row accumulate(Table<?> table, Object... key) {
    return rowsOf(table).computeIfAbsent(key(table, key), k -> new Row(Kind.ACCUMULATE, k));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  Map<Table<?>, Collection<Row>> byTable() {
    Map<Table<?>, Collection<Row>> byTable = new LinkedHashMap<>();
    rows.forEach((table, rowsOfTable) -> byTable.put(table, rowsOfTable.values()));
    return byTable;
  }

  /** The columns that name a row within its tenant. */
  static List<Field<?>> keyOf(Table<?> table) {
    List<Field<?>> columns =
        new ArrayList<>(Objects.requireNonNull(table.getPrimaryKey()).getFields());
    if (!columns.getFirst().getName().equals(Statements.TENANT)) {
      throw new IllegalArgumentException(
          table.getName() + " does not begin its key with the tenant");
    }
    return columns.subList(1, columns.size());
  }

  private Map<List<Object>, Row> rowsOf(Table<?> table) {
    return rows.computeIfAbsent(table, t -> new LinkedHashMap<>());
  }

  private static List<Object> key(Table<?> table, Object... key) {
    List<Field<?>> columns = keyOf(table);
    if (columns.size() != key.length) {
      throw new IllegalArgumentException("%s is named by %s".formatted(table.getName(), columns));
    }
    for (int i = 0; i < key.length; i++) {
      if (!columns.get(i).getType().isInstance(key[i])) {
        throw new IllegalArgumentException("not a %s: %s".formatted(columns.get(i), key[i]));
      }
    }
    return List.of(key);
  }
}
