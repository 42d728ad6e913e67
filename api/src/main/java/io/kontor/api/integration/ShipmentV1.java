package io.kontor.api.integration;

import java.util.UUID;

/** Published events of a shipment; {@code reference} is the requester's reference. */
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

  /** The carrier accepted it. */
  record Scheduled(UUID shipment, UUID reference) implements ShipmentV1 {}

  /** The carrier refused it. */
  record Refused(UUID shipment, UUID reference) implements ShipmentV1 {}

  record Cancelled(UUID shipment, UUID reference) implements ShipmentV1 {}
}
