package io.kontor.api.account;

import io.kontor.api.Rejection;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.message.DatedId;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Commands to an account. Amounts that move are positive. The command carries the ids of new
 * entries and holds, so that handlers need no randomness. Every constructor throws {@link
 * IllegalArgumentException} for invalid values.
 */
public sealed interface AccountCommand {
  AccountId account();

  /**
   * @param customer the subject that a customer's token must carry
   * @param owner the display name, sealed with the key of {@code customer}
   * @param overdraftLimit how far {@code balance - held} may go below zero; zero or more
   */
  record OpenAccount(
      @TargetAggregateIdentifier AccountId account,
      String customer,
      SealedText owner,
      Currency currency,
      Money overdraftLimit)
      implements AccountCommand {
    public OpenAccount {
      Validation.carriedText("customer", customer);
      Validation.notNegative("overdraftLimit", overdraftLimit);
      Validation.that(
          overdraftLimit.currency().equals(currency),
          "overdraftLimit: must be in the account's currency");
    }
  }

  /** Books money in, against the bank's cash. */
  record Deposit(
      @TargetAggregateIdentifier AccountId account, UUID entry, Money amount, String reference)
      implements AccountCommand {
    public Deposit {
      Validation.positive("amount", amount);
      Validation.carriedReference(reference);
    }
  }

  /** Books money out, against the bank's cash. */
  record Withdraw(
      @TargetAggregateIdentifier AccountId account, UUID entry, Money amount, String reference)
      implements AccountCommand {
    public Withdraw {
      Validation.positive("amount", amount);
      Validation.carriedReference(reference);
    }
  }

  /**
   * Sets money aside; rejected when it has expired at the command's time.
   *
   * @param expiresAt when the hold expires; never, when null
   */
  record PlaceHold(
      @TargetAggregateIdentifier AccountId account,
      UUID hold,
      Money amount,
      String reference,
      @Nullable Instant expiresAt)
      implements AccountCommand {
    public PlaceHold {
      Validation.positive("amount", amount);
      Validation.carriedReference(reference);
    }
  }

  /**
   * Books held money out and releases the rest. Rejected when the hold has expired at the command's
   * time.
   *
   * @param amount the amount; the whole hold, when null
   * @param against the bank's own account that receives it; the settlement account, when null
   */
  record CaptureHold(
      @TargetAggregateIdentifier AccountId account,
      UUID hold,
      UUID entry,
      @Nullable Money amount,
      @Nullable LedgerAccount against)
      implements AccountCommand {
    /** Against the settlement account. */
    public CaptureHold(AccountId account, UUID hold, UUID entry, @Nullable Money amount) {
      this(account, hold, entry, amount, null);
    }

    public CaptureHold {
      if (amount != null) {
        Validation.positive("amount", amount);
      }
    }
  }

  /**
   * Books a capture back from the bank's settlement account; idempotent. For a hold that ended
   * without a capture, {@link Rejection.NothingCaptured} is final: it can't be captured any more.
   */
  record RefundCapture(@TargetAggregateIdentifier AccountId account, UUID hold, UUID entry)
      implements AccountCommand {}

  /**
   * Books money in that another bank sent back, against the bank's clearing account; idempotent.
   */
  record BookReturnedPayment(
      @TargetAggregateIdentifier AccountId account, UUID entry, Money amount, String reference)
      implements AccountCommand {
    public BookReturnedPayment {
      Validation.positive("amount", amount);
      Validation.carriedReference(reference);
    }
  }

  /**
   * Books interest up to the end of a period. Idempotent, since it says how much there should be
   * since the first period: of that, what is not booked yet is booked, and of a period that was
   * booked, nothing.
   *
   * @param period its last day
   * @param total of all periods up to this one; below zero when the customer owes it
   */
  record BookInterest(
      @TargetAggregateIdentifier AccountId account,
      UUID entry,
      LocalDate period,
      Money total,
      String reference)
      implements AccountCommand {
    public BookInterest {
      Validation.carriedReference(reference);
    }

    /** The journal entry of an account's interest of a period, always the same. */
    public static UUID entryOf(UUID account, LocalDate period) {
      return DatedId.of(account, "interest " + period, period);
    }
  }

  /**
   * Books fees up to the end of a period, as {@link BookInterest} books interest.
   *
   * @param period its last day
   * @param total of all periods up to this one
   */
  record BookFee(
      @TargetAggregateIdentifier AccountId account,
      UUID entry,
      LocalDate period,
      Money total,
      String reference)
      implements AccountCommand {
    public BookFee {
      Validation.notNegative("total", total);
      Validation.carriedReference(reference);
    }

    /** The journal entry of an account's fees of a period, always the same. */
    public static UUID entryOf(UUID account, LocalDate period) {
      return DatedId.of(account, "fee " + period, period);
    }
  }

  /**
   * Returns the account's owner; changes nothing.
   *
   * @param onBehalfOf the customer who asks and must own the account; null for the bank's staff
   */
  record ShowOwner(@TargetAggregateIdentifier AccountId account, @Nullable String onBehalfOf)
      implements AccountCommand {}

  record ReleaseHold(
      @TargetAggregateIdentifier AccountId account, UUID hold, HoldReleaseReason reason)
      implements AccountCommand {}

  /**
   * Releases a hold for good, whether it exists or not: a later {@link PlaceHold} is rejected.
   * Idempotent. Meant for processes; {@link ReleaseHold} is for people who know that the hold
   * exists.
   */
  record CancelHold(@TargetAggregateIdentifier AccountId account, UUID hold)
      implements AccountCommand {}

  /** Blocks every movement of money. */
  record Freeze(@TargetAggregateIdentifier AccountId account, String reason)
      implements AccountCommand {
    public Freeze {
      Validation.carriedText("reason", reason);
    }
  }

  record Unfreeze(@TargetAggregateIdentifier AccountId account, String reason)
      implements AccountCommand {
    public Unfreeze {
      Validation.carriedText("reason", reason);
    }
  }

  record ChangeOverdraftLimit(@TargetAggregateIdentifier AccountId account, Money overdraftLimit)
      implements AccountCommand {
    public ChangeOverdraftLimit {
      Validation.notNegative("overdraftLimit", overdraftLimit);
    }
  }

  record CloseAccount(@TargetAggregateIdentifier AccountId account) implements AccountCommand {}
}
