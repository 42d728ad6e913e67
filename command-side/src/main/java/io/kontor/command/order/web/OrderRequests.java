package io.kontor.command.order.web;

import io.kontor.api.inventory.InventoryCommand;
import io.kontor.api.inventory.Sku;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderCommand;
import io.kontor.api.order.OrderLine;
import io.kontor.api.shipment.PostalAddress;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** The requests of the order calls. */
final class OrderRequests {
  private OrderRequests() {}

  @Schema(
      name = "PlaceOrder",
      example =
          """
          {"account":"01900000-0000-7000-8000-00000000000a","items":[{"sku":"MUG-1","quantity":2}],
           "shippingAddress":{"name":"Ada Lovelace","line1":"St James's Square 12",
           "postalCode":"10115","city":"Berlin","country":"DE"}}
          """)
  record Order(UUID account, List<Item> items, PostalAddress shippingAddress) {
    Order {
      Validation.that(
          !items.isEmpty() && items.size() <= OrderCommand.MOST_LINES,
          "items: must be 1 to %d".formatted(OrderCommand.MOST_LINES));
      Validation.that(items.stream().noneMatch(Objects::isNull), "items: must not contain null");
      Validation.that(
          items.stream().map(Item::sku).distinct().count() == items.size(),
          "items: must name each SKU once");
    }
  }

  @Schema(name = "PlaceOrderItem")
  record Item(Sku sku, @Schema(minimum = "1", maximum = "1000000") int quantity) {
    Item {
      Validation.quantity(quantity, InventoryCommand.MOST);
    }

    OrderLine at(Money price) {
      return new OrderLine(sku, quantity, price);
    }
  }

  @Schema(
      name = "CancelOrder",
      example =
          """
          {"reason":"ordered by mistake"}
          """)
  record Cancellation(String reason) {
    Cancellation {
      Validation.text("reason", reason);
    }
  }
}
