/** Books and cancels shipments at the carrier, with retries. Stores only the pending calls. */
@NullMarked
package io.kontor.sagas.shipment;

import org.jspecify.annotations.NullMarked;
