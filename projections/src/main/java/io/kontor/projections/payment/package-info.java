/** Payments to other banks and their history. */
@NullMarked
package io.kontor.projections.payment;

import org.jspecify.annotations.NullMarked;
