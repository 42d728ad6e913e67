package io.kontor.api.inventory;

import io.kontor.api.money.Money;
import java.util.UUID;

/**
 * What can happen to an item. {@code onHand} and {@code reserved} are what they are after the
 * event; what is reserved is still on hand.
 */
public sealed interface InventoryEvent {
  InventoryItemId item();

  record ProductRegistered(InventoryItemId item, Sku sku, String name, Money price)
      implements InventoryEvent {}

  record StockAdded(InventoryItemId item, int quantity, long onHand) implements InventoryEvent {}

  record StockReserved(InventoryItemId item, UUID reference, int quantity, long reserved)
      implements InventoryEvent {}

  /** {@code quantity} is 0 where nothing was reserved: from now on nothing will be. */
  record StockReleased(InventoryItemId item, UUID reference, int quantity, long reserved)
      implements InventoryEvent {}

  /** What was reserved left the house. */
  record StockShipped(
      InventoryItemId item, UUID reference, int quantity, long onHand, long reserved)
      implements InventoryEvent {}
}
