package io.kontor.api.account;

import io.kontor.api.money.Money;

/** What an account's events up to one of them add up to. */
public record AccountState(
    AccountStatus status, Money balance, Money held, Money overdraftLimit, Money available) {

  public static AccountState of(
      AccountStatus status, Money balance, Money held, Money overdraftLimit) {
    return new AccountState(
        status, balance, held, overdraftLimit, balance.plus(overdraftLimit).minus(held));
  }
}
