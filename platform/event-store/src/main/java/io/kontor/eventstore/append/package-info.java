/**
 * The append: stream locks, commit queue and group commit. Used only by this module and the Axon
 * Server store.
 */
@NullMarked
package io.kontor.eventstore.append;

import org.jspecify.annotations.NullMarked;
