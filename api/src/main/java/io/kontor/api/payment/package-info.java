/** Payments to other banks: commands, events, results and queries. */
@NullMarked
package io.kontor.api.payment;

import org.jspecify.annotations.NullMarked;
