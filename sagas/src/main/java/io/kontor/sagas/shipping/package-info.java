/**
 * Whenever a shipment is to be booked or stopped, the carrier is asked, for as long as that fails.
 * Nothing is remembered here but what is still to be asked.
 */
@NullMarked
package io.kontor.sagas.shipping;

import org.jspecify.annotations.NullMarked;
