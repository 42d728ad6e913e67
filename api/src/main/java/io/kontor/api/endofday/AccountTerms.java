package io.kontor.api.endofday;

import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import java.time.LocalDate;

/**
 * What an account earns and costs.
 *
 * @param creditRate on a balance above zero; below zero, the customer pays it
 * @param debitRate on what the account is overdrawn by; zero or more
 * @param fee zero for none
 */
public record AccountTerms(
    InterestRate creditRate,
    InterestRate debitRate,
    DayCount dayCount,
    Money fee,
    FeeRhythm feeRhythm) {
  /**
   * @throws IllegalArgumentException when the debit rate or the fee is negative
   */
  public AccountTerms {
    Validation.that(debitRate.millionths() >= 0, "debitRate: must not be negative");
    Validation.notNegative("fee", fee);
  }

  /**
   * The interest of one day on the balance at its end.
   *
   * @return in hundredths of a minor unit; negative when the customer owes it
   */
  public long interest(Money balance, LocalDate day) {
    return (balance.isNegative() ? debitRate : creditRate).hundredths(balance, dayCount, day);
  }

  /** The fee that is due at the end of a day, in minor units. */
  public long feeAt(LocalDate day) {
    return feeRhythm.isDue(day) ? fee.minorUnits() : 0;
  }
}
