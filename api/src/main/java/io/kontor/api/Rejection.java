package io.kontor.api;

import io.kontor.api.account.AccountId;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.UUID;

/**
 * Why a command was rejected: a value, not a failure. Nothing was changed, and the client receives
 * the reason unchanged.
 */
public sealed interface Rejection {

  /** The stable slug of the HTTP problem's type. */
  String slug();

  /** One sentence for the caller. */
  String detail();

  default Kind kind() {
    return Kind.BUSINESS_RULE;
  }

  /** The kinds of rejection, each with its own HTTP status. */
  enum Kind {
    BUSINESS_RULE,
    /** The request could not be right in any state; the detail begins with the member's name. */
    INVALID,
    /** It conflicts with the current state. */
    CONFLICT,
    UNKNOWN,
    VERSION_MISMATCH
  }

  record InsufficientFunds(AccountId account, Money requested, Money available)
      implements Rejection {
    @Override
    public String slug() {
      return "insufficient-funds";
    }

    @Override
    public String detail() {
      return "%s were asked for, %s are available".formatted(requested, available);
    }
  }

  record AccountFrozen(AccountId account) implements Rejection {
    @Override
    public String slug() {
      return "account-frozen";
    }

    @Override
    public String detail() {
      return "account %s is frozen".formatted(account.uuid());
    }
  }

  record AccountClosed(AccountId account) implements Rejection {
    @Override
    public String slug() {
      return "account-closed";
    }

    @Override
    public String detail() {
      return "account %s is closed".formatted(account.uuid());
    }
  }

  record CurrencyMismatch(AccountId account, Currency expected, Currency actual)
      implements Rejection {
    @Override
    public String slug() {
      return "currency-mismatch";
    }

    @Override
    public String detail() {
      return "account %s is in %s, the amount in %s".formatted(account.uuid(), expected, actual);
    }
  }

  record HoldNotActive(AccountId account, UUID hold) implements Rejection {
    @Override
    public String slug() {
      return "hold-not-active";
    }

    @Override
    public String detail() {
      return "hold %s has been captured or released, or has expired".formatted(hold);
    }
  }

  /** The hold has expired before it is placed. */
  record HoldBornExpired(AccountId account, UUID hold, Instant expiresAt) implements Rejection {
    @Override
    public String slug() {
      return "hold-expired";
    }

    @Override
    public String detail() {
      return "expiresAt: %s has passed already".formatted(expiresAt);
    }
  }

  /** The hold ended without a capture and can't be captured any more. */
  record NothingCaptured(AccountId account, UUID hold) implements Rejection {
    @Override
    public String slug() {
      return "nothing-captured";
    }

    @Override
    public String detail() {
      return "nothing was captured of hold %s".formatted(hold);
    }
  }

  /**
   * The reference is unknown, but old enough to have been forgotten: whether it was used before
   * can't be decided. Never treat this as "nothing to do".
   */
  record ReferenceTooOld(String what, UUID reference) implements Rejection {
    @Override
    public String slug() {
      return "reference-too-old";
    }

    @Override
    public String detail() {
      return "%s %s is too old to tell whether it was done before".formatted(what, reference);
    }
  }

  record CaptureExceedsHold(AccountId account, UUID hold, Money requested, Money held)
      implements Rejection {
    @Override
    public String slug() {
      return "capture-exceeds-hold";
    }

    @Override
    public String detail() {
      return "%s were asked for, hold %s is over %s".formatted(requested, hold, held);
    }
  }

  record AccountNotEmpty(AccountId account, Money balance, Money held) implements Rejection {
    @Override
    public String slug() {
      return "account-not-empty";
    }

    @Override
    public String detail() {
      return "account %s has a balance of %s and holds over %s"
          .formatted(account.uuid(), balance, held);
    }
  }

  record SameAccount(AccountId account) implements Rejection {
    @Override
    public String slug() {
      return "same-account";
    }

    @Override
    public String detail() {
      return "a transfer needs two different accounts";
    }
  }

  /** The balance would not fit 64 bits of minor units. */
  record BalanceOutOfRange(AccountId account) implements Rejection {
    @Override
    public String slug() {
      return "balance-out-of-range";
    }

    @Override
    public String detail() {
      return "account %s cannot hold that much".formatted(account.uuid());
    }
  }

  /** It does not exist, or the caller may not see it; responses never distinguish the two. */
  record Unknown(String what) implements Rejection {
    @Override
    public String slug() {
      return "not-found";
    }

    @Override
    public String detail() {
      return "there is no such " + what;
    }

    @Override
    public Kind kind() {
      return Kind.UNKNOWN;
    }
  }

  record VersionMismatch(long expected, long actual) implements Rejection {
    @Override
    public String slug() {
      return "version-mismatch";
    }

    @Override
    public String detail() {
      return "If-Match asked for version %d, the version is %d".formatted(expected, actual);
    }

    @Override
    public Kind kind() {
      return Kind.VERSION_MISMATCH;
    }
  }

  record ProductExists(Sku sku) implements Rejection {
    @Override
    public String slug() {
      return "product-exists";
    }

    @Override
    public String detail() {
      return "there is a product %s already".formatted(sku);
    }

    @Override
    public Kind kind() {
      return Kind.CONFLICT;
    }
  }

  record OutOfStock(Sku sku, int requested, long available) implements Rejection {
    @Override
    public String slug() {
      return "out-of-stock";
    }

    @Override
    public String detail() {
      return "%d of %s were asked for, %d are available".formatted(requested, sku, available);
    }
  }

  /** The reservation was released or shipped. */
  record ReservationEnded(Sku sku, UUID reference) implements Rejection {
    @Override
    public String slug() {
      return "reservation-ended";
    }

    @Override
    public String detail() {
      return "the reservation of %s is over".formatted(sku);
    }
  }

  /** The lines' total would not fit 64 bits of minor units. */
  record OrderTotalOutOfRange() implements Rejection {
    @Override
    public String slug() {
      return "invalid-request";
    }

    @Override
    public String detail() {
      return "items: must not cost more in all than an account can hold";
    }

    @Override
    public Kind kind() {
      return Kind.INVALID;
    }
  }

  /** It is too late to cancel. */
  record OrderConfirmed(UUID order) implements Rejection {
    @Override
    public String slug() {
      return "order-confirmed";
    }

    @Override
    public String detail() {
      return "order %s is confirmed and can't be cancelled any more".formatted(order);
    }

    @Override
    public Kind kind() {
      return Kind.CONFLICT;
    }
  }

  /** It is too late to continue. */
  record OrderTurnedBack(UUID order) implements Rejection {
    @Override
    public String slug() {
      return "order-turned-back";
    }

    @Override
    public String detail() {
      return "order %s is cancelled, or about to be".formatted(order);
    }

    @Override
    public Kind kind() {
      return Kind.CONFLICT;
    }
  }

  /** It does not wait for an operator. */
  record PaymentNotWaiting(UUID payment) implements Rejection {
    @Override
    public String slug() {
      return "payment-not-waiting";
    }

    @Override
    public String detail() {
      return "payment %s does not wait for a person".formatted(payment);
    }

    @Override
    public Kind kind() {
      return Kind.CONFLICT;
    }
  }

  /** It was cancelled, or its last due date has passed. */
  record StandingOrderEnded(UUID order) implements Rejection {
    @Override
    public String slug() {
      return "standing-order-ended";
    }

    @Override
    public String detail() {
      return "standing order %s has ended".formatted(order);
    }

    @Override
    public Kind kind() {
      return Kind.CONFLICT;
    }
  }

  /** The tenant has an open bank day. */
  record BankDayOpen(LocalDate day) implements Rejection {
    @Override
    public String slug() {
      return "bank-day-open";
    }

    @Override
    public String detail() {
      return "%s is the open bank day".formatted(day);
    }

    @Override
    public Kind kind() {
      return Kind.CONFLICT;
    }
  }

  /** The order has ended. */
  record NothingToResume(UUID order) implements Rejection {
    @Override
    public String slug() {
      return "nothing-to-resume";
    }

    @Override
    public String detail() {
      return "order %s is done".formatted(order);
    }

    @Override
    public Kind kind() {
      return Kind.CONFLICT;
    }
  }
}
