/** Answers questions about orders and the processes that carry them out. */
@NullMarked
package io.kontor.query.order;

import org.jspecify.annotations.NullMarked;
