package io.kontor.api.shipment;

import io.kontor.api.message.VersionedResult;

/** The result of a shipment's commands. */
public record ShipmentResult(long version) implements VersionedResult {}
