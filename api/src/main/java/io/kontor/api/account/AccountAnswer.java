package io.kontor.api.account;

import io.kontor.api.Versioned;
import io.kontor.api.money.Money;
import java.util.Currency;
import java.util.UUID;

/**
 * What an account's commands answer. {@code version} is the account's version after the command.
 */
public sealed interface AccountAnswer extends Versioned {

  record Opened(UUID id, long version) implements AccountAnswer {}

  record Balance(long version, Money balance, Money available) implements AccountAnswer {}

  record HoldPlaced(UUID id, long version, Money available) implements AccountAnswer {}

  record Owner(long version, String customer, Currency currency) implements AccountAnswer {}

  record Changed(long version) implements AccountAnswer {}
}
