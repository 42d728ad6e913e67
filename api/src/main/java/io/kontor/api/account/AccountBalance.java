package io.kontor.api.account;

import io.kontor.api.money.Money;
import java.time.Instant;

/**
 * An account's balance at an instant.
 *
 * @param at the balance counts everything booked before then; for the current balance, the time of
 *     the latest posting (included) or of the opening
 */
public record AccountBalance(Money balance, Instant at) {}
