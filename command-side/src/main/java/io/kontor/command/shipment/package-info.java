/**
 * The shipment aggregate: what to request from the carrier, and its responses. No calls to other
 * systems.
 */
@NullMarked
package io.kontor.command.shipment;

import org.jspecify.annotations.NullMarked;
