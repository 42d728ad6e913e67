package io.kontor.api.integration;

/**
 * An event published to other systems. It is the data of a CloudEvent, whose attributes carry the
 * tenant, the stream, the time and the sequence number.
 */
public sealed interface IntegrationEvent
    permits AccountV1, PaymentV1, OrderV1, ProductV1, ShipmentV1 {

  /** Its topic, without the prefix that a bank may configure. */
  String topic();
}
