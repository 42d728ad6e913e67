/** Idempotency records: the first result for a key, written with the events of its command. */
@NullMarked
package io.kontor.eventstore.idempotency;

import org.jspecify.annotations.NullMarked;
