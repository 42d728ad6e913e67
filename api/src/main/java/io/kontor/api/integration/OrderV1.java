package io.kontor.api.integration;

import java.util.List;
import java.util.UUID;

/** What others are told of an order. */
public sealed interface OrderV1 extends IntegrationEvent {
  /** See {@link #topic}. */
  String TOPIC = "orders.v1";

  @Override
  default String topic() {
    return TOPIC;
  }

  UUID order();

  record Placed(UUID order, UUID account, List<Line> lines, AmountV1 total) implements OrderV1 {}

  /** From here on there is no way back. */
  record Confirmed(UUID order) implements OrderV1 {}

  /** The items left the house. */
  record Shipped(UUID order) implements OrderV1 {}

  record Cancelled(UUID order) implements OrderV1 {}

  /** So many of one product. */
  record Line(String sku, int quantity, AmountV1 unitPrice) {}
}
