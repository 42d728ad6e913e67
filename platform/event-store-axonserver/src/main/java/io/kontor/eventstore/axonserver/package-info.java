/**
 * Axon Server as the event store: append and read there, idempotency records as events, and a
 * chained copy in PostgreSQL.
 */
@NullMarked
package io.kontor.eventstore.axonserver;

import org.jspecify.annotations.NullMarked;
