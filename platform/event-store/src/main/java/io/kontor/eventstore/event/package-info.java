/** A stored event, its digest, and the ways in which a store can fail. */
@NullMarked
package io.kontor.eventstore.event;

import org.jspecify.annotations.NullMarked;
