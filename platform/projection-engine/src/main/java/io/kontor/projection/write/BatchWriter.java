package io.kontor.projection.write;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import io.kontor.projection.RowChange;
import io.kontor.projection.RowChange.Kind;
import io.kontor.projection.RowChanges;
import io.kontor.projection.TableColumns;
import io.kontor.tenancy.TenantId;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Param;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Writes the folded changes of one tenant with one statement per set of columns, independent of the
 * number of rows: each column is sent as an array.
 */
public final class BatchWriter {
  private static final String NEW = "new";

  private final DSLContext sql;
  private final TenantId tenant;

  public BatchWriter(DSLContext sql, TenantId tenant) {
    this.sql = sql;
    this.tenant = tenant;
  }

  /**
   * Writes the changes of one projection or of several.
   *
   * @throws IllegalStateException if a row to update does not exist
   */
  public void write(RowChanges... changes) {
    ProjectionDatabase.actFor(sql, tenant);
    for (RowChanges some : changes) {
      some.tables().forEach(table -> write(table, some.rows(table)));
    }
  }

  /**
   * Runs statements that take effect together or not at all. After a failure the transaction goes
   * on.
   *
   * @return the failure of a statement
   * @throws RuntimeException if the database is unavailable; the transaction must be rolled back
   */
  static Optional<RuntimeException> inSavepoint(DSLContext sql, Runnable statements) {
    sql.execute("savepoint projecting");
    try {
      statements.run();
      sql.execute("release savepoint projecting");
      return Optional.empty();
    } catch (RuntimeException failure) {
      TransientSqlErrors.rethrow(failure);
      sql.execute("rollback to savepoint projecting");
      return Optional.of(failure);
    }
  }

  private void write(Table<?> table, Collection<RowChange> rows) {
    rows.stream()
        .filter(row -> row.places() != 0)
        .collect(groupingBy(Shape::of, LinkedHashMap::new, toList()))
        .forEach((shape, alike) -> write(table, shape, alike));
  }

  private void write(Table<?> table, Shape shape, List<RowChange> rows) {
    List<Field<?>> changed = TableColumns.of(table).in(shape.places());
    var columns = new ArrayList<>(TableColumns.of(table).key());
    columns.addAll(changed);
    switch (shape.kind()) {
      case INSERT -> insert(table, columns, rows);
      case UPDATE -> update(table, changed, columns, rows);
      case ACCUMULATE -> accumulate(table, changed, columns, rows);
    }
  }

  private void insert(Table<?> table, List<Field<?>> columns, List<RowChange> rows) {
    sql.insertInto(table, withTenant(table, columns))
        .select(newRows(table, columns, rows))
        .execute();
  }

  private void update(
      Table<?> table, List<Field<?>> changed, List<Field<?>> columns, List<RowChange> rows) {
    Condition sameRow = tenantOf(table).eq(tenant.value());
    for (Field<?> key : TableColumns.of(table).key()) {
      sameRow = sameRow.and(isFresh(key));
    }
    Map<Field<?>, Field<?>> values = new LinkedHashMap<>();
    changed.forEach(column -> values.put(column, fresh(column)));
    int updated =
        sql.update(table).set(values).from(arrays(table, columns, rows)).where(sameRow).execute();
    if (updated != rows.size()) {
      throw new IllegalStateException(
          "%d of %d rows to update are missing in %s"
              .formatted(rows.size() - updated, rows.size(), table.getName()));
    }
  }

  private void accumulate(
      Table<?> table, List<Field<?>> changed, List<Field<?>> columns, List<RowChange> rows) {
    // Rows are locked in the same order everywhere, so that concurrent transactions don't
    // deadlock.
    rows.sort(Comparator.comparing(row -> row.key().toString()));
    Map<Field<?>, Field<?>> sums = new LinkedHashMap<>();
    for (Field<?> column : changed) {
      sums.put(column, field("{0} + {1}", column.getDataType(), column, DSL.excluded(column)));
    }
    sql.insertInto(table, withTenant(table, columns))
        .select(newRows(table, columns, rows))
        .onConflict(withTenant(table, TableColumns.of(table).key()))
        .doUpdate()
        .set(sums)
        .execute();
  }

  private Select<Record> newRows(Table<?> table, List<Field<?>> columns, List<RowChange> rows) {
    List<Field<?>> selected = new ArrayList<>();
    selected.add(val(tenant.value()));
    columns.forEach(column -> selected.add(fresh(column)));
    return select(selected).from(arrays(table, columns, rows));
  }

  private static Table<?> arrays(Table<?> table, List<Field<?>> columns, List<RowChange> rows) {
    List<Param<?>> arrays = new ArrayList<>();
    StringJoiner placeholders = new StringJoiner(", ", "unnest(", ")");
    int keys = rows.getFirst().key().size();
    for (int i = 0; i < columns.size(); i++) {
      int named = i;
      Field<?> column = columns.get(i);
      placeholders.add("{" + i + "}");
      if (i < keys) {
        arrays.add(array(column.getDataType(), rows, row -> row.key().get(named)));
      } else {
        int place = TableColumns.of(table).place(column);
        arrays.add(array(column.getDataType(), rows, row -> row.value(place)));
      }
    }
    return table(placeholders.toString(), arrays.toArray(Param<?>[]::new))
        .as(NEW, columns.stream().map(Field::getName).toArray(String[]::new));
  }

  private static <T> Param<T[]> array(
      DataType<T> type, List<RowChange> rows, Function<RowChange, @Nullable Object> value) {
    @SuppressWarnings("unchecked")
    T[] typed = (T[]) Array.newInstance(type.getType(), rows.size());
    for (int n = 0; n < typed.length; n++) {
      typed[n] = type.getType().cast(value.apply(rows.get(n)));
    }
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
    return Objects.requireNonNull(table.field(TableColumns.TENANT, String.class));
  }

  /** Rows of one shape are written by one statement. */
  private record Shape(Kind kind, long places) {
    static Shape of(RowChange row) {
      return new Shape(row.kind(), row.places());
    }
  }
}
