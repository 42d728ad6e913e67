package io.kontor.query.inventory;

import static io.kontor.query.BranchOffice.as;
import static io.kontor.query.BranchOffice.euro;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.inventory.FindProduct;
import io.kontor.api.inventory.InventoryEvent.ProductRegistered;
import io.kontor.api.inventory.InventoryEvent.StockAdded;
import io.kontor.api.inventory.InventoryEvent.StockReserved;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.ProductDetails;
import io.kontor.api.inventory.Sku;
import io.kontor.query.BranchOffice;
import io.kontor.tenancy.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ProductQueryHandlerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final BranchOffice OFFICE = new BranchOffice();

  private final ProductQueryHandler queries =
      new ProductQueryHandler(OFFICE.cache, OFFICE.transactions, OFFICE.sql);

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Test
  void aProductShowsWhatCanStillBeReserved() {
    InventoryItemId mug = registered("MUG-1");
    OFFICE.recorded(
        1, mug, new StockAdded(mug, 10, 10), new StockReserved(mug, UUID.randomUUID(), 3, 3));

    assertThat(as(ACME, () -> queries.handle(new FindProduct(mug), null)))
        .contains(new ProductDetails("MUG-1", "Mug", euro("12.50"), 10, 3, 7, 2));
  }

  @Test
  void anUnknownProductIsNotFound() {
    InventoryItemId unknown = InventoryItemId.of(ACME, new Sku("NONE"));
    assertThat(as(ACME, () -> queries.handle(new FindProduct(unknown), null))).isEmpty();
  }

  @Test
  void aProductIsSeenByItsTenantOnly() {
    InventoryItemId tea = registered("TEA-1");
    assertThat(as(GLOBEX, () -> queries.handle(new FindProduct(tea), null))).isEmpty();
  }

  private static InventoryItemId registered(String sku) {
    InventoryItemId item = InventoryItemId.of(ACME, new Sku(sku));
    OFFICE.recorded(0, item, new ProductRegistered(item, new Sku(sku), "Mug", euro("12.50")));
    return item;
  }
}
