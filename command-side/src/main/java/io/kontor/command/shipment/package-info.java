/** Shipments: what the carrier is to be asked, and what it said. Nobody is called from here. */
@NullMarked
package io.kontor.command.shipment;

import org.jspecify.annotations.NullMarked;
