/**
 * Writes batches of events into the tables of a generation, in the caller's transaction, with its
 * checkpoint and its dead letters.
 */
@NullMarked
package io.kontor.projection.write;

import org.jspecify.annotations.NullMarked;
