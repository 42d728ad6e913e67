/** Transfers inside the bank. */
@NullMarked
package io.kontor.projections.transfer;

import org.jspecify.annotations.NullMarked;
