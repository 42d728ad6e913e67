package io.kontor.command.inventory;

import io.kontor.api.inventory.InventoryCommand;
import io.kontor.api.inventory.InventoryCommand.AddStock;
import io.kontor.api.inventory.InventoryCommand.RegisterProduct;
import io.kontor.api.inventory.InventoryCommand.ReleaseStock;
import io.kontor.api.inventory.InventoryCommand.ReserveStock;
import io.kontor.api.inventory.InventoryCommand.ShipStock;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.inventory.InventoryEvent.ProductRegistered;
import io.kontor.api.inventory.InventoryEvent.StockAdded;
import io.kontor.api.inventory.InventoryEvent.StockReleased;
import io.kontor.api.inventory.InventoryEvent.StockReserved;
import io.kontor.api.inventory.InventoryEvent.StockShipped;
import io.kontor.api.inventory.InventoryItemId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.command.RepeatedCommandsTest;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** A repeated command is recognized, whatever happened to the item since. */
@Tag("fast")
class RepeatedItemCommandsTest extends RepeatedCommandsTest<InventoryCommand, InventoryEvent> {
  private static final Sku MUG = new Sku("MUG-1");
  private static final InventoryItemId ID = InventoryItemId.of(new TenantId("acme"), MUG);
  private static final UUID ORDER = new UUID(7, 1);
  private static final ProductRegistered REGISTERED =
      new ProductRegistered(ID, MUG, "A mug", Money.of("9.90", "EUR"));
  private static final StockAdded ADDED = new StockAdded(ID, 3, 3);
  private static final StockReserved RESERVED = new StockReserved(ID, ORDER, 3, 3);

  RepeatedItemCommandsTest() {
    super(
        InventoryItem.class, InventoryCommand.class, Set.of(RegisterProduct.class, AddStock.class));
  }

  @Override
  protected Stream<Case<InventoryCommand, InventoryEvent>> cases() {
    var shipped = new StockShipped(ID, ORDER, 3, 0, 0);
    return Stream.of(
        new Case<>(new ReserveStock(ID, ORDER, 3), List.of(REGISTERED, ADDED, RESERVED)),
        new Case<>(new ReserveStock(ID, ORDER, 3), List.of(REGISTERED, ADDED, RESERVED, shipped)),
        new Case<>(new ShipStock(ID, ORDER), List.of(REGISTERED, ADDED, RESERVED, shipped)),
        new Case<>(
            new ReleaseStock(ID, ORDER),
            List.of(REGISTERED, ADDED, RESERVED, new StockReleased(ID, ORDER, 3, 0))),
        new Case<>(
            new ReleaseStock(ID, ORDER), List.of(REGISTERED, new StockReleased(ID, ORDER, 0, 0))));
  }
}
