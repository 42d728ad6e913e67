/**
 * The append: stream locks, the queue of decisions, and the group commit that writes them. Used by
 * this module and by the Axon Server store alone.
 */
@NullMarked
package io.kontor.eventstore.append;

import org.jspecify.annotations.NullMarked;
