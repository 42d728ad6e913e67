/**
 * Whenever a shipment is to be booked or cancelled, the carrier is asked until it answers. Only
 * what is still to be asked is kept here.
 */
@NullMarked
package io.kontor.sagas.shipment;

import org.jspecify.annotations.NullMarked;
