/** A shipment by a carrier: its commands and events. */
@NullMarked
package io.kontor.api.shipment;

import org.jspecify.annotations.NullMarked;
