package io.kontor.query.support;

import io.kontor.cache.CacheKey;
import io.kontor.cache.ChangePublisher;
import io.kontor.cache.ModelChange;
import io.kontor.cache.Version;
import io.kontor.cache.Versioned;
import io.kontor.projection.RowChange;
import io.kontor.projection.RowChanges;
import io.kontor.projection.live.ReadModelListener;
import io.kontor.projection.live.ReadModelVersion;
import io.kontor.projection.write.ReadModelChange;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.inventory.ProductProjection;
import io.kontor.projections.order.OrderProjection;
import io.kontor.tenancy.TenantId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;

/** Connects the read models and the cache of their rows. */
public final class CachedReads {
  private static final Set<String> MODELS =
      Set.of(AccountProjection.NAME, ProductProjection.NAME, OrderProjection.NAME);

  private CachedReads() {}

  /**
   * Reads a row of the current tenant and its version by one statement.
   *
   * @param id the column that identifies the row in its table
   * @param value made of the row, if there is one
   * @param further columns that the value needs beside the table's own
   */
  public static <T> Versioned<T> read(
      DSLContext sql,
      String model,
      TableField<?, UUID> id,
      UUID wanted,
      Function<Record, T> value,
      SelectField<?>... further) {
    Table<?> table = Objects.requireNonNull(id.getTable());
    return sql.select(ReadModelVersion.EDITION, ReadModelVersion.POSITION)
        .select(table.fields())
        .select(further)
        .from(ReadModelVersion.of(model))
        .leftJoin(table)
        .on(id.eq(wanted))
        .fetchOptional()
        .map(
            found ->
                new Versioned<>(
                    new Version(
                        RowReader.get(found, ReadModelVersion.EDITION),
                        RowReader.get(found, ReadModelVersion.POSITION)),
                    found.get(id) == null ? null : value.apply(found)))
        // No projection has begun, so there are no rows.
        .orElseGet(() -> new Versioned<T>(new Version(0, 0), null));
  }

  /** Publishes the commits that change cached rows. */
  public static ReadModelListener announcing(ChangePublisher publisher) {
    return committed ->
        publisher.publish(
            committed.stream()
                .filter(change -> MODELS.contains(change.projection()))
                .map(CachedReads::change)
                .toList());
  }

  private static ModelChange change(ReadModelChange change) {
    return new ModelChange(
        change.projection(), change.edition(), change.from(), change.to(), keys(change));
  }

  private static @Nullable Set<CacheKey> keys(ReadModelChange change) {
    Map<TenantId, RowChanges> changes = change.changes();
    if (changes == null) {
      return null;
    }
    Set<CacheKey> keys = new HashSet<>();
    changes.forEach(
        (tenant, rows) ->
            rows.tables().stream()
                .flatMap(table -> rows.rows(table).stream())
                .forEach(row -> keys.add(new CacheKey(tenant, change.projection(), id(row)))));
    return keys;
  }

  /** All rows of an account, a product or an order begin with its id. */
  private static String id(RowChange row) {
    return Objects.requireNonNull(row.key().getFirst()).toString();
  }

  /** The same as the cache has it. */
  public static Map<String, Version> versions(Map<String, ReadModelVersion> versions) {
    var converted = new HashMap<String, Version>();
    versions.forEach(
        (model, version) ->
            converted.put(model, new Version(version.edition(), version.position())));
    return converted;
  }
}
