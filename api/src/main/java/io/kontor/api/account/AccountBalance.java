package io.kontor.api.account;

import io.kontor.api.money.Money;
import java.time.Instant;

/** What an account's balance was at an instant, with everything booked up to then. */
public record AccountBalance(Money balance, Instant at) {}
