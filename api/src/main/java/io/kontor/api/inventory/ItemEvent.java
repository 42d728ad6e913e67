package io.kontor.api.inventory;

import io.kontor.api.money.Money;
import java.util.UUID;

/**
 * What can happen to an item. {@code onHand} and {@code reserved} are what they are after the
 * event; what is reserved is still on hand.
 */
public sealed interface ItemEvent {
  ItemId item();

  record ProductRegistered(ItemId item, Sku sku, String name, Money price) implements ItemEvent {}

  record StockAdded(ItemId item, int quantity, long onHand) implements ItemEvent {}

  record StockReserved(ItemId item, UUID reference, int quantity, long reserved)
      implements ItemEvent {}

  /** {@code quantity} is 0 where nothing was reserved: from now on nothing will be. */
  record StockReleased(ItemId item, UUID reference, int quantity, long reserved)
      implements ItemEvent {}

  /** What was reserved left the house. */
  record StockShipped(ItemId item, UUID reference, int quantity, long onHand, long reserved)
      implements ItemEvent {}
}
