package io.kontor.api.integration;

/**
 * Something that other systems are told. It is the data of a CloudEvent, whose attributes tell the
 * tenant, the stream, the time and the place in the stream.
 */
public sealed interface IntegrationEvent
    permits AccountV1, PaymentV1, OrderV1, ProductV1, ShipmentV1 {

  /** The topic that it goes to, without the prefix that a bank may give its topics. */
  String topic();
}
