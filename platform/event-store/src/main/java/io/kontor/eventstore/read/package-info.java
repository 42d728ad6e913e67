/** Reads events: a stream as its tenant, pages of all, ranges for tools. */
@NullMarked
package io.kontor.eventstore.read;

import org.jspecify.annotations.NullMarked;
