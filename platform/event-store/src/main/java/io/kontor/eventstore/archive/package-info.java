/**
 * Export and import of events. An archive is a range of every tenant's chain, so it shows by itself
 * whether it is complete and which event it continues. This package does not interpret events.
 */
@NullMarked
package io.kontor.eventstore.archive;

import org.jspecify.annotations.NullMarked;
