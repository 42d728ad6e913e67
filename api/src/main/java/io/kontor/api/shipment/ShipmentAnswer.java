package io.kontor.api.shipment;

import io.kontor.api.Versioned;

/** What a shipment's commands answer. */
public record ShipmentAnswer(long version) implements Versioned {}
