/** Queries of orders. */
@NullMarked
package io.kontor.query.order;

import org.jspecify.annotations.NullMarked;
