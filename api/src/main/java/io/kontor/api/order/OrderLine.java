package io.kontor.api.order;

import io.kontor.api.Checks;
import io.kontor.api.inventory.ItemCommand;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;

/** So many of one product, at the price they were ordered at. */
public record OrderLine(Sku sku, int quantity, Money unitPrice) {
  public OrderLine {
    Checks.quantity(quantity, ItemCommand.MOST);
    Checks.positive("unitPrice", unitPrice);
  }

  /**
   * @throws ArithmeticException when it does not fit 64 bits of minor units
   */
  public Money total() {
    return unitPrice.times(quantity);
  }
}
