/**
 * Serves queries from the read models. Writes only requests for rebuilds and dead letters, with
 * their idempotency records.
 */
@NullMarked
package io.kontor.query;

import org.jspecify.annotations.NullMarked;
