package io.kontor.projection;

import static java.util.stream.Collectors.toUnmodifiableList;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jooq.Field;
import org.jooq.Table;

/**
 * A table's columns, cached: jOOQ compares tables and fields by name, which would dominate the cost
 * of a row.
 */
public final class TableColumns {
  /** The column of the tenant, the first of every primary key. */
  public static final String TENANT = "tenant_id";

  private static final Map<Table<?>, TableColumns> CACHE =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private final List<Field<?>> all;
  private final List<Field<?>> key;
  private final IdentityHashMap<Field<?>, Integer> places = new IdentityHashMap<>();

  private TableColumns(Table<?> table) {
    all = List.of(table.fields());
    if (all.size() > Long.SIZE) {
      throw new IllegalArgumentException(table.getName() + " has too many columns");
    }
    List<Field<?>> named = List.copyOf(Objects.requireNonNull(table.getPrimaryKey()).getFields());
    if (!named.getFirst().getName().equals(TENANT)) {
      throw new IllegalArgumentException(
          table.getName() + " does not begin its key with the tenant");
    }
    key = named.subList(1, named.size());
    for (int place = 0; place < all.size(); place++) {
      places.put(all.get(place), place);
    }
  }

  /**
   * The columns of a generated table.
   *
   * @throws IllegalArgumentException if its primary key does not begin with the tenant
   */
  public static TableColumns of(Table<?> table) {
    return CACHE.computeIfAbsent(table, TableColumns::new);
  }

  /** The primary key without the tenant. */
  public List<Field<?>> key() {
    return key;
  }

  int count() {
    return all.size();
  }

  /**
   * A column's index in the table.
   *
   * @throws IllegalArgumentException if it is of another table
   */
  public int place(Field<?> column) {
    Integer place = places.get(column);
    if (place == null) {
      throw new IllegalArgumentException("not a column of the row's table: " + column);
    }
    return place;
  }

  /**
   * The columns of a bit set, in the table's order.
   *
   * @param places bit set of column indexes
   */
  public List<Field<?>> in(long places) {
    return IntStream.range(0, all.size())
        .filter(place -> (places & 1L << place) != 0)
        .<Field<?>>mapToObj(all::get)
        .collect(toUnmodifiableList());
  }
}
