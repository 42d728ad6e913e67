/**
 * Payments to other banks, as policies: whenever this happened, see that that is done. Each knows
 * one step and none the whole; where a payment is, the payment alone knows.
 */
@NullMarked
package io.kontor.sagas.payment;

import org.jspecify.annotations.NullMarked;
