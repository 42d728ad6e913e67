package io.kontor.api.account;

import io.kontor.api.message.VersionedResult;
import io.kontor.api.money.Money;
import java.util.Currency;
import java.util.UUID;

/**
 * The results of an account's commands. {@code version} is the account's version after the command.
 */
public sealed interface AccountResult extends VersionedResult {

  record Opened(UUID id, long version) implements AccountResult {}

  record Balance(long version, Money balance, Money available) implements AccountResult {}

  record HoldPlaced(UUID id, long version, Money available) implements AccountResult {}

  record Owner(long version, String customer, Currency currency) implements AccountResult {}

  record Changed(long version) implements AccountResult {}
}
