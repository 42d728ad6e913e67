package io.kontor.api.account;

import io.kontor.api.money.Money;
import java.time.Instant;

/**
 * What an account's balance was at an instant.
 *
 * @param at everything booked before then is in it; of the newest balance it is when the newest
 *     posting was booked, that posting included, or when the account was opened
 */
public record AccountBalance(Money balance, Instant at) {}
