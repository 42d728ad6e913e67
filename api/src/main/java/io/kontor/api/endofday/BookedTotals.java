package io.kontor.api.endofday;

import java.util.UUID;

/**
 * All interest and fees that were ever booked on an account.
 *
 * @param interest in minor units, below zero when the customer paid it
 * @param fees in minor units
 */
public record BookedTotals(UUID account, long interest, long fees) {}
