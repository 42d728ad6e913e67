package io.kontor.query.inventory;

import static io.kontor.projections.tables.Tables.PRODUCT;

import io.kontor.api.inventory.FindProduct;
import io.kontor.api.inventory.ProductDetails;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.query.support.RowReader;
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
class ProductQueryHandler {
  private final TenantTransactions transactions;
  private final DSLContext sql;

  ProductQueryHandler(TenantTransactions transactions, @Qualifier("appDsl") DSLContext sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @QueryHandler
  Optional<ProductDetails> handle(FindProduct query) {
    return transactions.read(
        () ->
            sql.selectFrom(PRODUCT)
                .where(PRODUCT.ITEM_ID.eq(query.item().uuid()))
                .fetchOptional(ProductQueryHandler::product));
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
