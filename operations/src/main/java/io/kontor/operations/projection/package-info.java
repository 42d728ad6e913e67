/** State of the projections, their rebuilds and their dead letters. */
@NullMarked
package io.kontor.operations.projection;

import org.jspecify.annotations.NullMarked;
