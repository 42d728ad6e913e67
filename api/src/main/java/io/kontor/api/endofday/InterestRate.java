package io.kontor.api.endofday;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.kontor.api.message.Validation;
import io.kontor.api.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.regex.Pattern;

/**
 * The interest of a year, written as a percentage such as {@code "2.50"}.
 *
 * @param millionths of the balance, from -1,000,000 to 1,000,000: a percent is 10,000
 */
public record InterestRate(int millionths) {
  /** From -100 to 100 percent, to a ten-thousandth of a percent. */
  private static final int MOST = 1_000_000;

  private static final int DECIMALS = 4;
  private static final Pattern FORM = Pattern.compile("-?[0-9]{1,3}(\\.[0-9]{1,4})?");
  private static final long MILLIONTHS_A_HUNDREDTH = 10_000;

  /**
   * @throws IllegalArgumentException when it is out of range
   */
  public InterestRate {
    Validation.that(Math.abs(millionths) <= MOST, "a rate must be from -100 to 100 percent a year");
  }

  /**
   * @throws IllegalArgumentException when {@code percent} is no percentage in range
   */
  @JsonCreator
  public static InterestRate parse(String percent) {
    Validation.that(
        FORM.matcher(percent).matches(),
        "a rate is a percentage a year with at most four decimals, such as \"2.50\"");
    return new InterestRate(new BigDecimal(percent).movePointRight(DECIMALS).intValueExact());
  }

  /** The percentage, with two decimals at least. */
  @JsonValue
  public String percent() {
    BigDecimal exact = BigDecimal.valueOf(millionths, DECIMALS).stripTrailingZeros();
    return exact.setScale(Math.max(2, exact.scale())).toPlainString();
  }

  /**
   * The interest of one day.
   *
   * @return in hundredths of a minor unit, rounded half-even; negative when the customer owes it
   * @throws ArithmeticException when it does not fit a {@code long}
   */
  public long hundredths(Money balance, DayCount dayCount, LocalDate day) {
    return BigDecimal.valueOf(balance.minorUnits())
        .multiply(BigDecimal.valueOf(millionths))
        .multiply(BigDecimal.valueOf(dayCount.days(day, day.plusDays(1))))
        .divide(
            BigDecimal.valueOf(MILLIONTHS_A_HUNDREDTH * dayCount.year()), 0, RoundingMode.HALF_EVEN)
        .longValueExact();
  }

  @Override
  public String toString() {
    return percent();
  }
}
