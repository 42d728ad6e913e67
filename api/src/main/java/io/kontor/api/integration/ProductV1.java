package io.kontor.api.integration;

import java.util.UUID;

/** Published events of a product and its stock; reserved stock is still on hand. */
public sealed interface ProductV1 extends IntegrationEvent {
  /** See {@link #topic}. */
  String TOPIC = "products.v1";

  @Override
  default String topic() {
    return TOPIC;
  }

  UUID product();

  record Registered(UUID product, String sku, String name, AmountV1 price) implements ProductV1 {}

  record StockAdded(UUID product, int quantity, long onHand) implements ProductV1 {}

  record StockReserved(UUID product, int quantity, long reserved) implements ProductV1 {}

  record StockReleased(UUID product, int quantity, long reserved) implements ProductV1 {}

  record StockShipped(UUID product, int quantity, long onHand, long reserved)
      implements ProductV1 {}
}
