/** What a carrier is asked to bring to somebody: a shipment's commands and events. */
@NullMarked
package io.kontor.api.shipment;

import org.jspecify.annotations.NullMarked;
