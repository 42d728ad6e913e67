package io.kontor.query.inventory;

import static io.kontor.projections.tables.Tables.PRODUCT;

import io.kontor.api.inventory.FindProduct;
import io.kontor.api.inventory.ProductDetails;
import io.kontor.cache.CachedModel;
import io.kontor.cache.ReadModelCache;
import io.kontor.cache.Versioned;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.projections.inventory.ProductProjection;
import io.kontor.query.support.CachedReads;
import io.kontor.query.support.ReadGateway;
import io.kontor.query.support.RowReader;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads products. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class ProductQueryHandler {
  private static final int WEIGHT = 400;
  private static final CachedModel<ProductDetails> PRODUCTS =
      new CachedModel<>(
          ProductProjection.NAME,
          (byte) 1,
          ProductDetails.class,
          product -> WEIGHT,
          product -> true);

  private final ReadModelCache cache;
  private final TenantTransactions transactions;
  private final DSLContext sql;

  ProductQueryHandler(
      ReadModelCache cache, TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.cache = cache;
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  Optional<ProductDetails> handle(
      FindProduct query, @MetaDataValue(ReadGateway.MIN_POSITION) @Nullable Long minPosition) {
    UUID item = query.item().uuid();
    return cache.find(
        PRODUCTS, item.toString(), minPosition == null ? 0 : minPosition, () -> read(item));
  }

  private Versioned<ProductDetails> read(UUID item) {
    return transactions.read(
        () ->
            CachedReads.read(
                sql, ProductProjection.NAME, PRODUCT.ITEM_ID, item, ProductQueryHandler::product));
  }

  private static ProductDetails product(Record row) {
    long onHand = RowReader.get(row, PRODUCT.ON_HAND);
    long reserved = RowReader.get(row, PRODUCT.RESERVED);
    return new ProductDetails(
        RowReader.get(row, PRODUCT.SKU),
        RowReader.get(row, PRODUCT.NAME),
        RowReader.money(row, PRODUCT.PRICE, PRODUCT.CURRENCY),
        onHand,
        reserved,
        onHand - reserved,
        RowReader.get(row, PRODUCT.VERSION));
  }
}
