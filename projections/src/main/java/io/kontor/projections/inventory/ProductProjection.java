package io.kontor.projections.inventory;

import static io.kontor.projections.tables.Tables.PRODUCT;

import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.inventory.InventoryEvent.ProductRegistered;
import io.kontor.api.inventory.InventoryEvent.StockAdded;
import io.kontor.api.inventory.InventoryEvent.StockReleased;
import io.kontor.api.inventory.InventoryEvent.StockReserved;
import io.kontor.api.inventory.InventoryEvent.StockShipped;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChange;
import io.kontor.projection.RowChanges;
import java.util.List;
import org.jooq.Table;

/** One row per product with its current stock. */
public final class ProductProjection implements Projection<InventoryEvent> {
  /** The projection's name. */
  public static final String NAME = "products";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<InventoryEvent> events() {
    return InventoryEvent.class;
  }

  @Override
  public List<Table<?>> tables() {
    return List.of(PRODUCT);
  }

  @Override
  public void project(InventoryEvent event, EventContext recorded, RowChanges changes) {
    RowChange product =
        event instanceof ProductRegistered registered
            ? register(registered, changes)
            : changes.update(PRODUCT, event.item().uuid());
    product.set(PRODUCT.VERSION, recorded.version());
    switch (event) {
      case ProductRegistered _ -> {
        // the insert sets all columns
      }
      case StockAdded added -> product.set(PRODUCT.ON_HAND, added.onHand());
      case StockReserved reserved -> product.set(PRODUCT.RESERVED, reserved.reserved());
      case StockReleased released -> product.set(PRODUCT.RESERVED, released.reserved());
      case StockShipped shipped ->
          product.set(PRODUCT.ON_HAND, shipped.onHand()).set(PRODUCT.RESERVED, shipped.reserved());
    }
  }

  private static RowChange register(ProductRegistered registered, RowChanges changes) {
    return changes
        .insert(PRODUCT, registered.item().uuid())
        .set(PRODUCT.SKU, registered.sku().value())
        .set(PRODUCT.NAME, registered.name())
        .set(PRODUCT.PRICE, registered.price().minorUnits())
        .set(PRODUCT.CURRENCY, registered.price().currency().getCurrencyCode())
        .set(PRODUCT.ON_HAND, 0L)
        .set(PRODUCT.RESERVED, 0L);
  }
}
