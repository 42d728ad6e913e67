/** Queries of payments to other banks. */
@NullMarked
package io.kontor.query.payment;

import org.jspecify.annotations.NullMarked;
