/** Idempotency records: the first answer to a key, written with the events of its command. */
@NullMarked
package io.kontor.eventstore.idempotency;

import org.jspecify.annotations.NullMarked;
