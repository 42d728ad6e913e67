/** The read models of bank days and of conditions. */
@NullMarked
package io.kontor.projections.endofday;

import org.jspecify.annotations.NullMarked;
