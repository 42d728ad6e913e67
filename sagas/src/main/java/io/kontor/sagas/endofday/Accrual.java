package io.kontor.sagas.endofday;

import io.kontor.api.endofday.BookedTotals;
import java.util.UUID;

/**
 * What one day adds to an account.
 *
 * @param interest in hundredths of a minor unit
 * @param fee in minor units
 * @param booked before, for an account that has no accruals yet, as in a bank that was imported;
 *     nothing for others
 */
record Accrual(UUID account, String currency, long interest, long fee, BookedTotals booked) {}
