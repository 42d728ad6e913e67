/** The end of a bank day: a job accrues interest, books interest and fees, and closes the day. */
@NullMarked
package io.kontor.sagas.endofday;

import org.jspecify.annotations.NullMarked;
