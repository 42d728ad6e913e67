/** A stored event, its digest, and the failures of a store. */
@NullMarked
package io.kontor.eventstore.event;

import org.jspecify.annotations.NullMarked;
