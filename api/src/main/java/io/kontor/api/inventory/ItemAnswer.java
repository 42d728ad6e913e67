package io.kontor.api.inventory;

import io.kontor.api.Versioned;
import io.kontor.api.money.Money;

/** What an item's commands answer. {@code version} is the item's version after the command. */
public sealed interface ItemAnswer extends Versioned {

  record Registered(String sku, long version) implements ItemAnswer {}

  /**
   * @param available what is on hand and not reserved
   */
  record Stock(long version, long onHand, long reserved, long available) implements ItemAnswer {}

  record Quote(long version, Money price) implements ItemAnswer {}
}
