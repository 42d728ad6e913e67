package io.kontor.api.account;

import io.kontor.api.Rejection;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.time.Instant;
import java.util.Currency;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of an account. Amounts that move are positive; identities of what comes to be
 * (entries, holds) come with the command, so that deciding needs no randomness. Every constructor
 * throws {@link IllegalArgumentException} when its values can't be meant.
 */
public sealed interface AccountCommand {
  AccountId account();

  /**
   * @param customer the subject that a customer's token must carry
   * @param owner a name to show, sealed with the key of {@code customer}
   * @param overdraftLimit how far below zero the available balance may go, zero or more
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
   * Sets money aside; refused when it would have expired by the time that the command carries.
   *
   * @param expiresAt when the hold is released by itself; never, when null
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
   * Books held money out; what is not captured is released. Refused when the hold has expired by
   * the time that the command carries.
   *
   * @param amount how much; all of the hold, when null
   * @param against the bank's own account that gets it; the settlement account, when null
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
   * Books back what was captured of a hold, from the bank's settlement account; once, however often
   * it is asked for. Of a hold that ended otherwise, {@link Rejection.NothingCaptured} is certain:
   * nothing will be captured of it any more.
   */
  record RefundCapture(@TargetAggregateIdentifier AccountId account, UUID hold, UUID entry)
      implements AccountCommand {}

  /**
   * Books money in that another bank sent back, against the bank's clearing account; once, however
   * often it is asked for.
   */
  record AcceptReturn(
      @TargetAggregateIdentifier AccountId account, UUID entry, Money amount, String reference)
      implements AccountCommand {
    public AcceptReturn {
      Validation.positive("amount", amount);
      Validation.carriedReference(reference);
    }
  }

  /**
   * Asks whose account it is; changes nothing.
   *
   * @param onBehalfOf the customer who asks, whose account it must be; null when the staff asks
   */
  record ShowOwner(@TargetAggregateIdentifier AccountId account, @Nullable String onBehalfOf)
      implements AccountCommand {}

  record ReleaseHold(
      @TargetAggregateIdentifier AccountId account, UUID hold, HoldReleaseReason reason)
      implements AccountCommand {}

  /**
   * Lets go of a hold for good, whether it is there or not: one that is placed later is refused.
   * May be repeated; for processes, where a release is for a person who knows the hold.
   */
  record CancelHold(@TargetAggregateIdentifier AccountId account, UUID hold)
      implements AccountCommand {}

  /** Stops every movement of money. */
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
