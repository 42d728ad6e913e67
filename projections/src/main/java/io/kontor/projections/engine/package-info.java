/**
 * Runs projections over the event store: a batch of events becomes few statements, in one
 * transaction with the token. Independent of any domain type.
 */
@NullMarked
package io.kontor.projections.engine;

import org.jspecify.annotations.NullMarked;
