package io.kontor.api.inventory;

import io.kontor.api.money.Money;
import java.util.UUID;

/**
 * The events of an item. {@code onHand} and {@code reserved} are the values after the event;
 * reserved stock is still on hand.
 */
public sealed interface InventoryEvent {
  InventoryItemId item();

  record ProductRegistered(InventoryItemId item, Sku sku, String name, Money price)
      implements InventoryEvent {}

  record StockAdded(InventoryItemId item, int quantity, long onHand) implements InventoryEvent {}

  record StockReserved(InventoryItemId item, UUID reference, int quantity, long reserved)
      implements InventoryEvent {}

  /** {@code quantity} is 0 when nothing was reserved; a later reservation is rejected. */
  record StockReleased(InventoryItemId item, UUID reference, int quantity, long reserved)
      implements InventoryEvent {}

  /** Reserved stock was shipped. */
  record StockShipped(
      InventoryItemId item, UUID reference, int quantity, long onHand, long reserved)
      implements InventoryEvent {}
}
