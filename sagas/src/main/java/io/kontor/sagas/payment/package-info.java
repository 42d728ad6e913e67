/**
 * Payments to other banks, as policies: each schedules and executes one step, whenever an event
 * requires it. Only the payment aggregate knows the stage.
 */
@NullMarked
package io.kontor.sagas.payment;

import org.jspecify.annotations.NullMarked;
