package io.kontor.projections.inventory;

import static io.kontor.projections.tables.Tables.PRODUCT;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.inventory.InventoryEvent.ProductRegistered;
import io.kontor.api.inventory.InventoryEvent.StockAdded;
import io.kontor.api.inventory.InventoryEvent.StockReleased;
import io.kontor.api.inventory.InventoryEvent.StockReserved;
import io.kontor.api.inventory.InventoryEvent.StockShipped;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.projections.ProjectedRows;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProductProjectionTest {
  private static final Sku MUG = new Sku("MUG-1");
  private static final UUID ORDER = UUID.randomUUID();

  private final ProjectedRows<InventoryEvent> rows =
      new ProjectedRows<>(new ProductProjection(), InventoryEvent::item);
  private final InventoryItemId item = InventoryItemId.of(rows.tenant, MUG);

  @BeforeEach
  void register() {
    rows.happen(new ProductRegistered(item, MUG, "Mug", Money.of("12.50", "EUR")));
  }

  @Test
  void aRegisteredProductHasItsPriceAndNoStock() {
    assertThat(
            rows.only(
                PRODUCT,
                PRODUCT.ITEM_ID,
                PRODUCT.SKU,
                PRODUCT.NAME,
                PRODUCT.PRICE,
                PRODUCT.CURRENCY,
                PRODUCT.ON_HAND,
                PRODUCT.RESERVED,
                PRODUCT.VERSION))
        .containsExactly(item.uuid(), "MUG-1", "Mug", 1_250L, "EUR", 0L, 0L, 0L);
  }

  @Test
  void addedStockIsOnHand() {
    rows.happen(new StockAdded(item, 10, 10));
    assertStock(10, 0, 1);
  }

  @Test
  void reservedStockStaysOnHand() {
    rows.happen(new StockAdded(item, 10, 10), new StockReserved(item, ORDER, 3, 3));
    assertStock(10, 3, 2);
  }

  @Test
  void releasedStockIsNotReservedAnyMore() {
    rows.happen(
        new StockAdded(item, 10, 10),
        new StockReserved(item, ORDER, 3, 3),
        new StockReleased(item, ORDER, 3, 0));
    assertStock(10, 0, 3);
  }

  @Test
  void shippedStockIsGone() {
    rows.happen(new StockAdded(item, 10, 10), new StockReserved(item, ORDER, 3, 3));
    rows.happen(new StockShipped(item, ORDER, 3, 7, 0));
    assertStock(7, 0, 3);
  }

  private void assertStock(long onHand, long reserved, long version) {
    assertThat(rows.only(PRODUCT, PRODUCT.ON_HAND, PRODUCT.RESERVED, PRODUCT.VERSION))
        .containsExactly(onHand, reserved, version);
  }
}
