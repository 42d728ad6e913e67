package io.kontor.app.cli.demo;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.AccountFrozen;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyReturned;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.time.Instant;
import java.util.Currency;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account's funds, and the event that each movement is. Amounts are in minor units; callers ask
 * before that the account {@link #has} them.
 */
final class DemoAccount {
  private final AccountId id;
  private final String customer;
  private final String owner;
  private final Currency currency;
  private long balance;
  private long held;
  private boolean frozen;

  DemoAccount(AccountId id, String customer, String owner, Currency currency) {
    this.id = id;
    this.customer = customer;
    this.owner = owner;
    this.currency = currency;
  }

  AccountId id() {
    return id;
  }

  String customer() {
    return customer;
  }

  /** The owner's name. */
  String owner() {
    return owner;
  }

  boolean isOpen() {
    return !frozen;
  }

  /** Whether an amount is available. */
  boolean has(long amount) {
    return !frozen && balance - held >= amount;
  }

  Money money(long amount) {
    return new Money(amount, currency);
  }

  AccountOpened open(SealedText sealedOwner) {
    return new AccountOpened(id, customer, sealedOwner, currency, money(0));
  }

  MoneyDeposited deposit(UUID entry, long amount, String reference) {
    balance += amount;
    return new MoneyDeposited(id, entry, money(amount), money(balance), reference);
  }

  MoneyWithdrawn withdraw(UUID entry, long amount, String reference) {
    balance -= amount;
    return new MoneyWithdrawn(id, entry, money(amount), money(balance), reference);
  }

  HoldPlaced hold(UUID hold, long amount, String reference, @Nullable Instant expiresAt) {
    held += amount;
    return new HoldPlaced(id, hold, money(amount), money(held), reference, expiresAt);
  }

  /** Captures a whole hold. */
  HoldCaptured capture(
      UUID hold, UUID entry, long amount, String reference, @Nullable LedgerAccount against) {
    balance -= amount;
    held -= amount;
    return new HoldCaptured(
        id, hold, entry, money(amount), money(0), money(balance), money(held), reference, against);
  }

  HoldReleased release(UUID hold, long amount) {
    held -= amount;
    return new HoldReleased(id, hold, money(amount), money(held), HoldReleaseReason.REQUESTED);
  }

  MoneyReturned comesBack(UUID entry, long amount, String reference) {
    balance += amount;
    return new MoneyReturned(id, entry, money(amount), money(balance), reference);
  }

  /** Both legs of a transfer. */
  AccountEvent[] transfer(
      DemoAccount to, UUID transfer, UUID entry, long amount, String reference) {
    balance -= amount;
    to.balance += amount;
    Money moved = money(amount);
    return new AccountEvent[] {
      new TransferSent(
          id, transfer, entry, to.id, moved, money(balance), money(to.balance), reference),
      new TransferReceived(to.id, transfer, entry, id, moved, money(to.balance), reference)
    };
  }

  AccountFrozen freeze(String reason) {
    frozen = true;
    return new AccountFrozen(id, reason);
  }
}
