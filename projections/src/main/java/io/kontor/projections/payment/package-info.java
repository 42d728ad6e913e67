/** Payments to other banks and what happened to them. */
@NullMarked
package io.kontor.projections.payment;

import org.jspecify.annotations.NullMarked;
