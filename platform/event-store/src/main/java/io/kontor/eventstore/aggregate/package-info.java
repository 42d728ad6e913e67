/** Aggregates between commands: repositories, cache, snapshots. */
@NullMarked
package io.kontor.eventstore.aggregate;

import org.jspecify.annotations.NullMarked;
