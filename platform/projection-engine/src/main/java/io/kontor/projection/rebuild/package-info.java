/**
 * Builds further generations of read models from the event table, to swap, compare or inspect them.
 */
@NullMarked
package io.kontor.projection.rebuild;

import org.jspecify.annotations.NullMarked;
