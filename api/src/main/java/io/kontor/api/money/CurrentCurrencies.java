package io.kontor.api.money;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Currency;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The currencies of the current ISO 4217 list, without funds, metals and test codes. Kontor has its
 * own list, dated in {@code iso-4217.txt}, because the JDK also has withdrawn currencies; those
 * stay readable where money is still held in them.
 */
public final class CurrentCurrencies {
  private static final Map<String, Currency> BY_CODE = read();

  private CurrentCurrencies() {}

  public static boolean contains(Currency currency) {
    return BY_CODE.containsKey(currency.getCurrencyCode());
  }

  /** Whether {@code code}, in capital letters, is on the list. */
  public static boolean contains(String code) {
    return BY_CODE.containsKey(code);
  }

  private static Map<String, Currency> read() {
    var file = Objects.requireNonNull(CurrentCurrencies.class.getResourceAsStream("iso-4217.txt"));
    try (var lines = new BufferedReader(new InputStreamReader(file, UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(CurrentCurrencies::currency)
          .collect(Collectors.toUnmodifiableMap(Currency::getCurrencyCode, Function.identity()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails when the JDK has other decimal digits: amounts would change their value. */
  private static Currency currency(String line) {
    var currency = Currency.getInstance(line.substring(0, 3));
    int digits = Integer.parseInt(line.substring(4));
    if (currency.getDefaultFractionDigits() != digits) {
      throw new IllegalStateException(
          "ISO 4217 gives %s %d decimal digits and this Java %d"
              .formatted(currency, digits, currency.getDefaultFractionDigits()));
    }
    return currency;
  }
}
