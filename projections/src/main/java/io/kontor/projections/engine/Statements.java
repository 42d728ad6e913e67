package io.kontor.projections.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import io.kontor.projections.engine.Row.Kind;
import io.kontor.tenancy.TenantId;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Param;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Writes folded changes of one tenant with one statement for each set of columns, however many rows
 * there are: the columns travel as arrays.
 */
final class Statements {
  static final String TENANT = "tenant_id";
  private static final String NEW = "new";

  private final DSLContext sql;
  private final TenantId tenant;

  Statements(DSLContext sql, TenantId tenant) {
    this.sql = sql;
    this.tenant = tenant;
  }

  /**
   * @throws IllegalStateException when a row to update is not there
   */
  void write(Changes changes) {
    WorkerDatabase.actFor(sql, tenant);
    changes.byTable().forEach(this::write);
  }

  private void write(Table<?> table, Collection<Row> rows) {
    rows.stream()
        .filter(row -> !row.values().isEmpty())
        .collect(
            Collectors.groupingBy(
                row -> Shape.of(table, row), LinkedHashMap::new, Collectors.toList()))
        .forEach((shape, alike) -> write(table, shape, alike));
  }

  private void write(Table<?> table, Shape shape, List<Row> rows) {
    var columns = new ArrayList<>(Changes.keyOf(table));
    columns.addAll(shape.columns());
    switch (shape.kind()) {
      case INSERT -> insert(table, columns, rows);
      case UPDATE -> update(table, shape, columns, rows);
      case ACCUMULATE -> accumulate(table, shape, columns, rows);
    }
  }

  private void insert(Table<?> table, List<Field<?>> columns, List<Row> rows) {
    sql.insertInto(table, withTenant(table, columns)).select(newRows(columns, rows)).execute();
  }

  private void update(Table<?> table, Shape shape, List<Field<?>> columns, List<Row> rows) {
    Condition sameRow = tenantOf(table).eq(tenant.value());
    for (Field<?> key : Changes.keyOf(table)) {
      sameRow = sameRow.and(isFresh(key));
    }
    Map<Field<?>, Field<?>> values = new LinkedHashMap<>();
    shape.columns().forEach(column -> values.put(column, fresh(column)));
    int updated =
        sql.update(table).set(values).from(arrays(columns, rows)).where(sameRow).execute();
    if (updated != rows.size()) {
      throw new IllegalStateException(
          "%d of %d rows to update are missing in %s"
              .formatted(rows.size() - updated, rows.size(), table.getName()));
    }
  }

  private void accumulate(Table<?> table, Shape shape, List<Field<?>> columns, List<Row> rows) {
    // Always locked in the same order, so two transactions that add to the same sums don't
    // deadlock.
    rows.sort(Comparator.comparing(row -> row.key().toString()));
    Map<Field<?>, Field<?>> sums = new LinkedHashMap<>();
    for (Field<?> column : shape.columns()) {
      sums.put(column, field("{0} + {1}", column.getDataType(), column, DSL.excluded(column)));
    }
    sql.insertInto(table, withTenant(table, columns))
        .select(newRows(columns, rows))
        .onConflict(withTenant(table, Changes.keyOf(table)))
        .doUpdate()
        .set(sums)
        .execute();
  }

  private Select<Record> newRows(List<Field<?>> columns, List<Row> rows) {
    List<Field<?>> selected = new ArrayList<>();
    selected.add(val(tenant.value()));
    columns.forEach(column -> selected.add(fresh(column)));
    return select(selected).from(arrays(columns, rows));
  }

  private static Table<?> arrays(List<Field<?>> columns, List<Row> rows) {
    List<Param<?>> arrays = new ArrayList<>();
    StringJoiner placeholders = new StringJoiner(", ", "unnest(", ")");
    int keys = rows.getFirst().key().size();
    for (int i = 0; i < columns.size(); i++) {
      int index = i;
      Field<?> column = columns.get(i);
      placeholders.add("{" + i + "}");
      arrays.add(
          array(
              column.getDataType(),
              rows.stream()
                  .map(row -> index < keys ? row.key().get(index) : row.values().get(column))
                  .toArray()));
    }
    return table(placeholders.toString(), arrays.toArray(Param<?>[]::new))
        .as(NEW, columns.stream().map(Field::getName).toArray(String[]::new));
  }

  private static <T> Param<T[]> array(DataType<T> type, Object[] values) {
    @SuppressWarnings("unchecked")
    T[] typed = (T[]) Array.newInstance(type.getType(), values.length);
    System.arraycopy(values, 0, typed, 0, values.length);
    return val(typed, type.getArrayDataType());
  }

  private static <T> Field<T> fresh(Field<T> column) {
    return field(name(NEW, column.getName()), column.getDataType());
  }

  private static <T> Condition isFresh(Field<T> column) {
    return column.eq(fresh(column));
  }

  private static List<Field<?>> withTenant(Table<?> table, List<Field<?>> columns) {
    List<Field<?>> all = new ArrayList<>();
    all.add(tenantOf(table));
    all.addAll(columns);
    return all;
  }

  private static Field<String> tenantOf(Table<?> table) {
    return Objects.requireNonNull(table.field(TENANT, String.class));
  }

  /** Rows of one shape are written by one statement. */
  private record Shape(Kind kind, List<Field<?>> columns) {
    static Shape of(Table<?> table, Row row) {
      return new Shape(row.kind(), table.fieldStream().filter(row.values()::containsKey).toList());
    }
  }
}
