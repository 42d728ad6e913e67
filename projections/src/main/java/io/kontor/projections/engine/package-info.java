/**
 * Runs projections over the event store: batches of events become few statements, in one
 * transaction with the token. It knows no account and no money.
 */
@NullMarked
package io.kontor.projections.engine;

import org.jspecify.annotations.NullMarked;
