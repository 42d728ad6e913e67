/** The read model of standing orders. */
@NullMarked
package io.kontor.projections.standingorder;

import org.jspecify.annotations.NullMarked;
