/**
 * Events taken out of a store into a file, and brought into another: a piece of every tenant's
 * chain, so that a file says itself whether it is whole and what it continues. What an event means
 * is not this package's business.
 */
@NullMarked
package io.kontor.eventstore.archive;

import org.jspecify.annotations.NullMarked;
