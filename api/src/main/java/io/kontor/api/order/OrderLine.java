package io.kontor.api.order;

import io.kontor.api.inventory.InventoryCommand;
import io.kontor.api.inventory.Sku;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;

/** A quantity of one product, at the price when it was ordered. */
public record OrderLine(Sku sku, int quantity, Money unitPrice) {
  public OrderLine {
    Validation.quantity(quantity, InventoryCommand.MOST);
    Validation.positive("unitPrice", unitPrice);
  }

  /**
   * @throws ArithmeticException when it does not fit 64 bits of minor units
   */
  public Money total() {
    return unitPrice.times(quantity);
  }
}
