package io.kontor.api.account;

import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.UUID;
import org.axonframework.serialization.Revision;
import org.jspecify.annotations.Nullable;

/**
 * The events of an account. Amounts are in the account's currency; {@code balance} and {@code held}
 * are the values after the event.
 */
public sealed interface AccountEvent {
  AccountId account();

  /** {@code owner} is sealed with the key of {@code customer}. */
  @Revision("2")
  record AccountOpened(
      AccountId account, String customer, SealedText owner, Currency currency, Money overdraftLimit)
      implements AccountEvent {}

  /** Money was booked in, against the bank's cash. */
  record MoneyDeposited(
      AccountId account, UUID entry, Money amount, Money balance, String reference)
      implements AccountEvent {}

  /** Money was booked out, against the bank's cash. */
  record MoneyWithdrawn(
      AccountId account, UUID entry, Money amount, Money balance, String reference)
      implements AccountEvent {}

  record HoldPlaced(
      AccountId account,
      UUID hold,
      Money amount,
      Money held,
      String reference,
      @Nullable Instant expiresAt)
      implements AccountEvent {}

  /**
   * Held money was booked out; {@code released} is the rest of the hold.
   *
   * @param against the bank's own account that received it; the settlement account, when null
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
    /** Against the settlement account. */
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

  /** {@code amount} is zero when there was no such hold; a later one with this id is rejected. */
  record HoldReleased(
      AccountId account, UUID hold, Money amount, Money held, HoldReleaseReason reason)
      implements AccountEvent {}

  /** A capture was booked back, from the bank's settlement account. */
  record CaptureRefunded(
      AccountId account, UUID hold, UUID entry, Money amount, Money balance, String reference)
      implements AccountEvent {}

  /** Money that another bank sent back was booked in, from the bank's clearing account. */
  record MoneyReturned(AccountId account, UUID entry, Money amount, Money balance, String reference)
      implements AccountEvent {}

  /**
   * Interest was booked, from the bank's interest expense or, below zero, to its interest income.
   *
   * @param period the last day that it is for
   * @param total of all periods up to this one
   */
  record InterestBooked(
      AccountId account,
      UUID entry,
      LocalDate period,
      Money amount,
      Money total,
      Money balance,
      String reference)
      implements AccountEvent {}

  /**
   * A fee was booked, to the bank's fee income.
   *
   * @param period the last day that it is for
   * @param amount more than zero
   * @param total of all periods up to this one
   */
  record FeeBooked(
      AccountId account,
      UUID entry,
      LocalDate period,
      Money amount,
      Money total,
      Money balance,
      String reference)
      implements AccountEvent {}

  record AccountFrozen(AccountId account, String reason) implements AccountEvent {}

  record AccountUnfrozen(AccountId account, String reason) implements AccountEvent {}

  record OverdraftLimitChanged(AccountId account, Money overdraftLimit) implements AccountEvent {}

  record AccountClosed(AccountId account) implements AccountEvent {}

  /**
   * The paying leg of a transfer. It carries the other leg's balance too, so that the whole journal
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

  /** The receiving leg of a transfer, appended with its {@link TransferSent}. */
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
