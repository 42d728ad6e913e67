package io.kontor.command.inventory.web;

import io.kontor.api.inventory.InventoryCommand;
import io.kontor.api.inventory.Sku;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import io.swagger.v3.oas.annotations.media.Schema;

/** The requests of the product calls. */
final class InventoryRequests {
  private InventoryRequests() {}

  @Schema(
      name = "RegisterProduct",
      example =
          """
          {"sku":"MUG-1","name":"A mug","price":{"amount":"9.90","currency":"EUR"}}
          """)
  record Product(Sku sku, String name, Money price) {
    Product {
      Validation.text("name", name);
      Validation.amount("price", price);
    }
  }

  @Schema(
      name = "AddStock",
      example =
          """
          {"quantity":10}
          """)
  record Delivery(@Schema(minimum = "1", maximum = "1000000") int quantity) {
    Delivery {
      Validation.quantity(quantity, InventoryCommand.MOST);
    }
  }
}
