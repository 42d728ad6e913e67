package io.kontor.api.inventory;

import io.kontor.api.message.VersionedResult;

/** The results of an item's commands. {@code version} is the item's version after the command. */
public sealed interface InventoryResult extends VersionedResult {

  record Registered(String sku, long version) implements InventoryResult {}

  /**
   * @param available what is on hand and not reserved
   */
  record Stock(long version, long onHand, long reserved, long available)
      implements InventoryResult {}
}
