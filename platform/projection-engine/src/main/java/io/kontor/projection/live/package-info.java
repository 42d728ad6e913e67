/**
 * Runs the projections that queries read: a batch of events becomes few statements, in one
 * transaction with the token. Readers wait here for a position.
 */
@NullMarked
package io.kontor.projection.live;

import org.jspecify.annotations.NullMarked;
