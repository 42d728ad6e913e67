/** Queries of standing orders. */
@NullMarked
package io.kontor.query.standingorder;

import org.jspecify.annotations.NullMarked;
