/** Transfers inside the bank: both legs in one decision. */
@NullMarked
package io.kontor.api.transfer;

import org.jspecify.annotations.NullMarked;
