/** Deletes expired idempotency records. */
@NullMarked
package io.kontor.sagas.idempotency;

import org.jspecify.annotations.NullMarked;
