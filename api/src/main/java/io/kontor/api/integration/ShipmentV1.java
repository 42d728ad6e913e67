package io.kontor.api.integration;

import java.util.UUID;

/** What others are told of a shipment; {@code reference} is what whoever asked for it called it. */
public sealed interface ShipmentV1 extends IntegrationEvent {
  /** See {@link #topic}. */
  String TOPIC = "shipments.v1";

  @Override
  default String topic() {
    return TOPIC;
  }

  UUID shipment();

  UUID reference();

  record Requested(UUID shipment, UUID reference) implements ShipmentV1 {}

  /** The carrier took it. */
  record Scheduled(UUID shipment, UUID reference) implements ShipmentV1 {}

  /** The carrier won't take it. */
  record Refused(UUID shipment, UUID reference) implements ShipmentV1 {}

  record Cancelled(UUID shipment, UUID reference) implements ShipmentV1 {}
}
