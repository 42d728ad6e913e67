package io.kontor.command.account;

import io.kontor.api.money.Money;
import java.util.Currency;

/**
 * An account's balance, held money and overdraft limit. Every change throws {@link
 * ArithmeticException} when the result does not fit 64 bits of minor units.
 */
record Funds(Money balance, Money held, Money overdraftLimit) {
  /** Checks that the available amount does not overflow. */
  Funds {
    balance.plus(overdraftLimit);
  }

  static Funds none(Money overdraftLimit) {
    Money zero = Money.zero(overdraftLimit.currency());
    return new Funds(zero, zero, overdraftLimit);
  }

  Currency currency() {
    return balance.currency();
  }

  Money available() {
    return balance.plus(overdraftLimit).minus(held);
  }

  Funds plus(Money amount) {
    return withBalance(balance.plus(amount));
  }

  Funds minus(Money amount) {
    return withBalance(balance.minus(amount));
  }

  Funds withBalance(Money balance) {
    return new Funds(balance, held, overdraftLimit);
  }

  Funds withHeld(Money held) {
    return new Funds(balance, held, overdraftLimit);
  }

  Funds withOverdraftLimit(Money overdraftLimit) {
    return new Funds(balance, held, overdraftLimit);
  }
}
