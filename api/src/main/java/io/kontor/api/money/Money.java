package io.kontor.api.money;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.regex.Pattern;

/**
 * An exact amount of one currency, in JSON {@code {"amount":"12.50","currency":"EUR"}} with exactly
 * the digits that ISO 4217 gives the currency.
 *
 * @param minorUnits the amount in the currency's minor unit (cents for EUR, yen for JPY)
 * @param currency an ISO 4217 currency that has a minor unit (not gold, not "no currency")
 */
public record Money(long minorUnits, Currency currency) implements Comparable<Money> {
  /**
   * The longest decimal: 64 bits of minor units, a sign, a point and at most four decimal digits.
   */
  private static final int LONGEST = 25;

  private static final int CODE_LENGTH = 3;
  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]{0,18})(\\.[0-9]+)?");

  /**
   * @throws IllegalArgumentException when ISO 4217 gives the currency no digits
   */
  public Money {
    if (currency.getDefaultFractionDigits() < 0) {
      throw new IllegalArgumentException(
          "%s is not a currency that money is booked in".formatted(currency.getCurrencyCode()));
    }
  }

  public static Money zero(Currency currency) {
    return new Money(0, currency);
  }

  /**
   * Reads the JSON form. Checks the length before it parses, since parsing digits takes quadratic
   * time. Accepts withdrawn currencies, so that amounts booked in them stay readable; input from
   * clients is also checked against {@link CurrentCurrencies}.
   *
   * @throws IllegalArgumentException when the currency is unknown or the amount does not have
   *     exactly the currency's digits or does not fit 64 bits of minor units
   */
  @JsonCreator
  public static Money of(
      @JsonProperty(value = "amount", required = true) String amount,
      @JsonProperty(value = "currency", required = true) String currency) {
    Currency iso = currencyOf(currency);
    int digits = Math.max(iso.getDefaultFractionDigits(), 0);
    if (amount == null || amount.length() > LONGEST || !DECIMAL.matcher(amount).matches()) {
      throw new IllegalArgumentException(
          "an amount is a decimal string such as \"%s\"".formatted(example(digits)));
    }
    var decimal = new BigDecimal(amount);
    if (decimal.scale() != digits) {
      throw new IllegalArgumentException(
          "an amount in %s has exactly %d decimal digits, such as \"%s\""
              .formatted(currency, digits, example(digits)));
    }
    try {
      return new Money(decimal.unscaledValue().longValueExact(), iso);
    } catch (ArithmeticException tooLarge) {
      throw new IllegalArgumentException(
          "an amount is at most %s".formatted(BigDecimal.valueOf(Long.MAX_VALUE, digits)),
          tooLarge);
    }
  }

  /**
   * The currency that has or had this ISO 4217 code.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Currency currencyOf(String code) {
    if (code != null && code.length() == CODE_LENGTH) {
      try {
        Currency currency = Currency.getInstance(code);
        if (currency.getDefaultFractionDigits() >= 0) {
          return currency;
        }
      } catch (IllegalArgumentException unknown) {
        // reported below with a message for the caller
      }
    }
    throw new IllegalArgumentException(
        "a currency is an ISO 4217 code of a currency in use, such as \"EUR\"");
  }

  /**
   * @throws ArithmeticException when the sum does not fit 64 bits
   * @throws IllegalArgumentException when the currencies differ
   */
  public Money plus(Money other) {
    return new Money(Math.addExact(minorUnits, same(other).minorUnits), currency);
  }

  /**
   * @throws ArithmeticException when the difference does not fit 64 bits
   * @throws IllegalArgumentException when the currencies differ
   */
  public Money minus(Money other) {
    return new Money(Math.subtractExact(minorUnits, same(other).minorUnits), currency);
  }

  /**
   * @throws ArithmeticException when the product does not fit 64 bits
   */
  public Money times(long factor) {
    return new Money(Math.multiplyExact(minorUnits, factor), currency);
  }

  public boolean isMoreThan(Money other) {
    return compareTo(other) > 0;
  }

  public boolean isPositive() {
    return minorUnits > 0;
  }

  public boolean isNegative() {
    return minorUnits < 0;
  }

  public boolean isZero() {
    return minorUnits == 0;
  }

  /** The amount as a decimal string with exactly the currency's digits. */
  public String amount() {
    return BigDecimal.valueOf(minorUnits, currency.getDefaultFractionDigits()).toPlainString();
  }

  /**
   * @throws IllegalArgumentException when the currencies differ
   */
  @Override
  public int compareTo(Money other) {
    return Long.compare(minorUnits, same(other).minorUnits);
  }

  @Override
  public String toString() {
    return amount() + " " + currency.getCurrencyCode();
  }

  @JsonValue
  Form form() {
    return new Form(amount(), currency.getCurrencyCode());
  }

  private Money same(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(
          "%s and %s do not mix".formatted(currency, other.currency));
    }
    return other;
  }

  private static String example(int digits) {
    return BigDecimal.valueOf(1250, 2)
        .setScale(digits, java.math.RoundingMode.DOWN)
        .toPlainString();
  }

  record Form(String amount, String currency) {}
}
