package io.kontor.query.inventory;

import static io.kontor.projections.tables.Tables.PRODUCT;

import io.kontor.api.inventory.FindProduct;
import io.kontor.api.inventory.ProductDetails;
import io.kontor.cluster.ConditionalOnRole;
import io.kontor.cluster.NodeRole;
import io.kontor.query.Rows;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Reads products. */
@Component
@ConditionalOnRole(NodeRole.QUERY)
class ProductQueries {
  private final TenantTransactions transactions;
  private final DSLContext sql;

  ProductQueries(TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  Optional<ProductDetails> answer(FindProduct query) {
    return transactions.read(
        () ->
            sql.selectFrom(PRODUCT)
                .where(PRODUCT.ITEM_ID.eq(query.item().uuid()))
                .fetchOptional(ProductQueries::product));
  }

  private static ProductDetails product(Record row) {
    long onHand = Rows.get(row, PRODUCT.ON_HAND);
    long reserved = Rows.get(row, PRODUCT.RESERVED);
    return new ProductDetails(
        Rows.get(row, PRODUCT.SKU),
        Rows.get(row, PRODUCT.NAME),
        Rows.money(row, PRODUCT.PRICE, PRODUCT.CURRENCY),
        onHand,
        reserved,
        onHand - reserved,
        Rows.get(row, PRODUCT.VERSION));
  }
}
