/**
 * Payments to other banks, as policies: each event schedules the next step. A policy covers one
 * step; only the payment aggregate knows the stage.
 */
@NullMarked
package io.kontor.sagas.payment;

import org.jspecify.annotations.NullMarked;
