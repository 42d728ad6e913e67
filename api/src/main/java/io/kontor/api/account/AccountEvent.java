package io.kontor.api.account;

import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.time.Instant;
import java.util.Currency;
import java.util.UUID;
import org.axonframework.serialization.Revision;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to an account. Amounts are in the account's currency; {@code balance} and {@code
 * held} are what they are after the event.
 */
public sealed interface AccountEvent {
  AccountId account();

  /** {@code owner} is sealed with the key of {@code customer}. */
  @Revision("2")
  record AccountOpened(
      AccountId account, String customer, SealedText owner, Currency currency, Money overdraftLimit)
      implements AccountEvent {}

  /** Money came in, from the bank's cash. */
  record MoneyDeposited(
      AccountId account, UUID entry, Money amount, Money balance, String reference)
      implements AccountEvent {}

  /** Money went out, to the bank's cash. */
  record MoneyWithdrawn(
      AccountId account, UUID entry, Money amount, Money balance, String reference)
      implements AccountEvent {}

  /** Money was set aside. */
  record HoldPlaced(
      AccountId account,
      UUID hold,
      Money amount,
      Money held,
      String reference,
      @Nullable Instant expiresAt)
      implements AccountEvent {}

  /**
   * Held money went out; {@code released} is the hold's rest.
   *
   * @param against the bank's own account that got it; the settlement account, when null
   */
  record HoldCaptured(
      AccountId account,
      UUID hold,
      UUID entry,
      Money amount,
      Money released,
      Money balance,
      Money held,
      String reference,
      @Nullable LedgerAccount against)
      implements AccountEvent {
    /** To the settlement account. */
    public HoldCaptured(
        AccountId account,
        UUID hold,
        UUID entry,
        Money amount,
        Money released,
        Money balance,
        Money held,
        String reference) {
      this(account, hold, entry, amount, released, balance, held, reference, null);
    }
  }

  /** {@code amount} is zero where nothing was held yet: from now on nothing will be. */
  record HoldReleased(
      AccountId account, UUID hold, Money amount, Money held, HoldReleaseReason reason)
      implements AccountEvent {}

  /** What was captured of a hold came back, from the bank's settlement account. */
  record CaptureRefunded(
      AccountId account, UUID hold, UUID entry, Money amount, Money balance, String reference)
      implements AccountEvent {}

  /** Money that another bank sent back came in, from the bank's clearing account. */
  record MoneyReturned(AccountId account, UUID entry, Money amount, Money balance, String reference)
      implements AccountEvent {}

  record AccountFrozen(AccountId account, String reason) implements AccountEvent {}

  record AccountUnfrozen(AccountId account, String reason) implements AccountEvent {}

  record OverdraftLimitChanged(AccountId account, Money overdraftLimit) implements AccountEvent {}

  record AccountClosed(AccountId account) implements AccountEvent {}

  /**
   * The paying leg of a transfer. It knows the other leg's balance too, so that the whole journal
   * entry can be written from this one event.
   */
  record TransferSent(
      AccountId account,
      UUID transfer,
      UUID entry,
      AccountId to,
      Money amount,
      Money balance,
      Money toBalance,
      String reference)
      implements AccountEvent {}

  /** The receiving leg of a transfer, appended together with its {@link TransferSent}. */
  record TransferReceived(
      AccountId account,
      UUID transfer,
      UUID entry,
      AccountId from,
      Money amount,
      Money balance,
      String reference)
      implements AccountEvent {}
}
