/** Inbound payments from Kafka, each booked once as a deposit. */
@NullMarked
package io.kontor.integration.payment;

import org.jspecify.annotations.NullMarked;
