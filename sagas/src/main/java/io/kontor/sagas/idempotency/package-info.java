/** Removes idempotency records whose time is over. */
@NullMarked
package io.kontor.sagas.idempotency;

import org.jspecify.annotations.NullMarked;
