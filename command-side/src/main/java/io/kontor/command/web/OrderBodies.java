package io.kontor.command.web;

import io.kontor.api.Checks;
import io.kontor.api.inventory.ItemCommand;
import io.kontor.api.inventory.Sku;
import io.kontor.api.order.OrderCommand;
import io.kontor.api.shipment.Address;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** What the order calls are sent. */
final class OrderBodies {
  private OrderBodies() {}

  @Schema(
      example =
          """
          {"account":"01900000-0000-7000-8000-00000000000a","items":[{"sku":"MUG-1","quantity":2}],
           "shippingAddress":{"name":"Ada Lovelace","line1":"St James's Square 12",
           "postalCode":"10115","city":"Berlin","country":"DE"}}
          """)
  record Order(UUID account, List<Item> items, Address shippingAddress) {
    Order {
      Checks.that(
          !items.isEmpty() && items.size() <= OrderCommand.MOST_LINES,
          "items: must be 1 to %d".formatted(OrderCommand.MOST_LINES));
      Checks.that(items.stream().noneMatch(Objects::isNull), "items: must not contain null");
      Checks.that(
          items.stream().map(Item::sku).distinct().count() == items.size(),
          "items: must name each SKU once");
    }
  }

  record Item(Sku sku, int quantity) {
    Item {
      Checks.quantity(quantity, ItemCommand.MOST);
    }
  }

  @Schema(
      example =
          """
          {"reason":"ordered by mistake"}
          """)
  record Cancellation(String reason) {
    Cancellation {
      Checks.text("reason", reason);
    }
  }
}
