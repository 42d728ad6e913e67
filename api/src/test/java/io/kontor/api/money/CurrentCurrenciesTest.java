package io.kontor.api.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kontor.api.message.Validation;
import java.util.Currency;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class CurrentCurrenciesTest {
  @Test
  void aHundredAndFiftyFiveAreInUse() {
    assertThat(
            Currency.getAvailableCurrencies().stream().filter(CurrentCurrencies::contains).count())
        .isEqualTo(155);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"EUR", "USD", "JPY", "KWD", "XOF", "XAF", "XPF", "XCD", "XCG", "ZWG", "SLE"})
  void currenciesInUseAreAccepted(String code) {
    assertThat(CurrentCurrencies.contains(code)).isTrue();
    Validation.currency("amount", Currency.getInstance(code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // withdrawn
        "DEM",
        "ITL",
        "HRK",
        "BGN",
        "ANG",
        "ZWL",
        "SLL",
        "CUC",
        "LTL",
        "VEF",
        "MRO",
        "STD",
        "BYR",
        // funds and units of account
        "CHE",
        "CHW",
        "CLF",
        "COU",
        "MXV",
        "USN",
        "UYI",
        "BOV",
        "XAD",
        "XDR",
        "XSU",
        "XUA",
        // bond market units, metals, codes for tests and for none
        "XBA",
        "XBD",
        "XAU",
        "XAG",
        "XPT",
        "XPD",
        "XTS",
        "XXX"
      })
  void whatIsNoCurrencyInUseIsRefused(String code) {
    assertThat(CurrentCurrencies.contains(code)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Validation.currency("amount", Currency.getInstance(code)))
        .withMessageStartingWith("amount: must be in a currency of the current ISO 4217 list");
  }

  /** Amounts in a withdrawn currency stay readable. */
  @Test
  void amountsOfACurrencyThatIsGoneAreRead() {
    assertThat(Money.of("12.50", "DEM").minorUnits()).isEqualTo(1250);
    assertThat(Money.currencyOf("BGN")).isEqualTo(Currency.getInstance("BGN"));
  }
}
