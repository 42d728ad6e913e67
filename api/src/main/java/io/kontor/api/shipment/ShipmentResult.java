package io.kontor.api.shipment;

import io.kontor.api.message.VersionedResult;

/** What a shipment's commands answer. */
public record ShipmentResult(long version) implements VersionedResult {}
