package io.kontor.sagas.endofday;

import io.kontor.api.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Optional;
import java.util.UUID;

/**
 * What an account has earned and owes in all, and what of it is booked. The rest that is no whole
 * minor unit stays, and counts when it becomes one.
 *
 * @param accrued interest, in hundredths of a minor unit
 * @param fees in minor units
 * @param interestBooked in minor units
 * @param feesBooked in minor units
 */
record AccountDue(
    UUID account,
    Currency currency,
    BigDecimal accrued,
    BigDecimal fees,
    long interestBooked,
    long feesBooked) {
  private static final int HUNDREDTHS = 2;
  private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  /** All interest in whole minor units, rounded half-even, if it differs from what is booked. */
  Optional<Money> interestToBook() {
    return toBook(wholeInterest(), interestBooked);
  }

  /** All fees, if they differ from what is booked. */
  Optional<Money> feesToBook() {
    return toBook(fees, feesBooked);
  }

  boolean isAllBooked() {
    return wholeInterest().compareTo(BigDecimal.valueOf(interestBooked)) == 0
        && fees.compareTo(BigDecimal.valueOf(feesBooked)) == 0;
  }

  AccountDue withInterestBooked(Money total) {
    return new AccountDue(account, currency, accrued, fees, total.minorUnits(), feesBooked);
  }

  AccountDue withFeesBooked(Money total) {
    return new AccountDue(account, currency, accrued, fees, interestBooked, total.minorUnits());
  }

  private BigDecimal wholeInterest() {
    return accrued.movePointLeft(HUNDREDTHS).setScale(0, RoundingMode.HALF_EVEN);
  }

  /** More than an account can hold is never booked, and stays owed. */
  private Optional<Money> toBook(BigDecimal total, long booked) {
    boolean fits = total.compareTo(LEAST) >= 0 && total.compareTo(MOST) <= 0;
    return fits && total.compareTo(BigDecimal.valueOf(booked)) != 0
        ? Optional.of(new Money(total.longValueExact(), currency))
        : Optional.empty();
  }
}
