package io.kontor.api.integration;

import java.util.List;
import java.util.UUID;

/** Published events of an order. */
public sealed interface OrderV1 extends IntegrationEvent {
  /** See {@link #topic}. */
  String TOPIC = "orders.v1";

  @Override
  default String topic() {
    return TOPIC;
  }

  UUID order();

  record Placed(UUID order, UUID account, List<Line> lines, AmountV1 total) implements OrderV1 {}

  /** The order can't be cancelled any more. */
  record Confirmed(UUID order) implements OrderV1 {}

  /** The items were shipped. */
  record Shipped(UUID order) implements OrderV1 {}

  record Cancelled(UUID order) implements OrderV1 {}

  /** A quantity of one product. */
  record Line(String sku, int quantity, AmountV1 unitPrice) {}
}
