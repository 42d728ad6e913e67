package io.kontor.api.endofday;

import io.kontor.api.money.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account at the end of a bank day.
 *
 * @param balance with all interest and fees of the days before, also what was booked later
 * @param terms that count on the day; null when there are none
 */
public record ClosingBalance(UUID account, Money balance, @Nullable AccountTerms terms) {}
