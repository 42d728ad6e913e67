package io.kontor.api.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Currency;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
class MoneyTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Property
  void whatIsWrittenIsRead(@ForAll long minorUnits, @ForAll("currencies") Currency currency) {
    var money = new Money(minorUnits, currency);
    if (minorUnits != Long.MIN_VALUE) {
      assertThat(Money.of(money.amount(), currency.getCurrencyCode())).isEqualTo(money);
    }
    assertThat(JSON.writeValueAsString(money))
        .isEqualTo(
            "{\"amount\":\"%s\",\"currency\":\"%s\"}"
                .formatted(money.amount(), currency.getCurrencyCode()));
  }

  @Property
  void sumsAreExactOrRefused(@ForAll long one, @ForAll long other) {
    BigInteger sum = BigInteger.valueOf(one).add(BigInteger.valueOf(other));
    if (sum.bitLength() < Long.SIZE) {
      assertThat(eur(one).plus(eur(other))).isEqualTo(eur(sum.longValueExact()));
      assertThat(eur(one).plus(eur(other)).minus(eur(other))).isEqualTo(eur(one));
    } else {
      assertThatThrownBy(() -> eur(one).plus(eur(other))).isInstanceOf(ArithmeticException.class);
    }
  }

  @Property
  void differencesAreExactOrRefused(@ForAll long one, @ForAll long other) {
    BigInteger difference = BigInteger.valueOf(one).subtract(BigInteger.valueOf(other));
    if (difference.bitLength() < Long.SIZE) {
      assertThat(eur(one).minus(eur(other))).isEqualTo(eur(difference.longValueExact()));
    } else {
      assertThatThrownBy(() -> eur(one).minus(eur(other))).isInstanceOf(ArithmeticException.class);
    }
  }

  @Property
  void comparesLikeItsMinorUnits(@ForAll long one, @ForAll long other) {
    assertThat(eur(one).compareTo(eur(other))).isEqualTo(Long.compare(one, other));
    assertThat(eur(one).isMoreThan(eur(other))).isEqualTo(one > other);
  }

  @Property
  void currenciesDoNotMix(
      @ForAll long amount,
      @ForAll("currencies") Currency one,
      @ForAll("currencies") Currency other) {
    if (!one.equals(other)) {
      var money = new Money(amount, one);
      var zero = Money.zero(other);
      assertThatThrownBy(() -> money.plus(zero)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> money.minus(zero)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> money.compareTo(zero)).isInstanceOf(IllegalArgumentException.class);
      assertThat(money).isNotEqualTo(new Money(amount, other));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "12.50, EUR, 1250",
    "-0.01, EUR, -1",
    "0.00, EUR, 0",
    "5, JPY, 5",
    "1.250, KWD, 1250",
    "92233720368547758.07, EUR, 9223372036854775807"
  })
  void readsExactlyTheCurrencysDigits(String amount, String currency, long minorUnits) {
    assertThat(Money.of(amount, currency))
        .isEqualTo(new Money(minorUnits, Currency.getInstance(currency)));
  }

  @ParameterizedTest
  @CsvSource({
    "12.5, EUR",
    "12, EUR",
    "12.500, EUR",
    "5.0, JPY",
    "1.25, KWD",
    "012.50, EUR",
    "+12.50, EUR",
    "1e2, JPY",
    "'1,250.00', EUR",
    ".50, EUR",
    "12., EUR",
    "'', EUR",
    "' 12.50', EUR",
    "١٢.٥٠, EUR",
    "92233720368547758.08, EUR",
    "99999999999999999999.00, EUR",
    "1.00, XYZ",
    "1.00, eur",
    "1.00, ''",
    "1, XAU",
    "1, XXX"
  })
  void refusesWhatIsNotAnAmountOfThatCurrency(String amount, String currency) {
    assertThatThrownBy(() -> Money.of(amount, currency))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Parsing digits takes quadratic time: these would take minutes. */
  @Test
  void amountsOfAnyLengthAreRefusedByTheirLength() {
    String digits = "1".repeat(8 << 20);
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          refuses("0." + digits, "EUR");
          refuses(digits, "JPY");
          refuses("1.00", digits);
        });
  }

  private static void refuses(String amount, String currency) {
    assertThatThrownBy(() -> Money.of(amount, currency))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .hasSizeLessThan(200);
  }

  @Test
  void goldIsNotBookedIn() {
    var gold = Currency.getInstance("XAU");
    assertThatThrownBy(() -> new Money(1, gold)).isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<Currency> currencies() {
    return Arbitraries.of(
        Currency.getAvailableCurrencies().stream()
            .filter(currency -> currency.getDefaultFractionDigits() >= 0)
            .sorted((one, other) -> one.getCurrencyCode().compareTo(other.getCurrencyCode()))
            .toList());
  }

  private static Money eur(long cents) {
    return new Money(cents, Currency.getInstance("EUR"));
  }
}
