/** Queries of bank days, of conditions, and of what the end of a day is computed from. */
@NullMarked
package io.kontor.query.endofday;

import org.jspecify.annotations.NullMarked;
