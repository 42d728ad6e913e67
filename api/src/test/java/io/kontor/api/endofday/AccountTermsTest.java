package io.kontor.api.endofday;

import static io.kontor.api.endofday.DayCount.ACT_365;
import static io.kontor.api.endofday.DayCount.THIRTY_E_360;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.api.money.Money;
import java.time.LocalDate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interest and fees against values worked out by hand. */
@Tag("fast")
class AccountTermsTest {
  /** Days of each period by both day counts. */
  @ParameterizedTest
  @CsvSource({
    "2026-01-01, 2026-02-01, 31, 30",
    "2026-01-30, 2026-01-31,  1,  0",
    "2026-01-31, 2026-02-01,  1,  1",
    "2026-02-01, 2026-03-01, 28, 30",
    "2026-02-28, 2026-03-01,  1,  3",
    "2028-02-01, 2028-03-01, 29, 30",
    "2028-02-28, 2028-02-29,  1,  1",
    "2028-02-29, 2028-03-01,  1,  2",
    "2026-01-01, 2027-01-01, 365, 360",
    "2028-01-01, 2029-01-01, 366, 360",
    "2026-01-15, 2026-08-31, 228, 225"
  })
  void daysAreCounted(LocalDate from, LocalDate to, int actual, int thirty) {
    assertThat(ACT_365.days(from, to)).isEqualTo(actual);
    assertThat(THIRTY_E_360.days(from, to)).isEqualTo(thirty);
  }

  /** balance x rate x days / year, in hundredths of a cent. */
  @ParameterizedTest
  @CsvSource({
    // 1,000.00 EUR: 100,000 cents x 3.65 % / 365 = 10 cents
    "1000.00, 3.65, ACT_365, 2026-05-10, 1000",
    // in a leap year the same
    "1000.00, 3.65, ACT_365, 2028-02-29, 1000",
    // 100,000 x 3.6 % / 360 = 10 cents; on the 30th of a month of 31 days nothing, on the 31st as
    // on others
    "1000.00, 3.60, THIRTY_E_360, 2026-05-10, 1000",
    "1000.00, 3.60, THIRTY_E_360, 2026-05-30, 0",
    "1000.00, 3.60, THIRTY_E_360, 2026-05-31, 1000",
    // the end of February stands for three days, in a leap year for two
    "1000.00, 3.60, THIRTY_E_360, 2026-02-28, 3000",
    "1000.00, 3.60, THIRTY_E_360, 2028-02-29, 2000",
    // 1,234.56 EUR: 123,456 x 0.75 % / 365 = 2.536767 cents
    "1234.56, 0.75, ACT_365, 2026-05-10, 254",
    // 0.73 EUR at 5 %: 73 x 0.05 / 365 = 0.01 cents; half of it is 0.005, to the even
    "0.73, 5.00, ACT_365, 2026-05-10, 1",
    "0.73, 2.50, ACT_365, 2026-05-10, 0",
    "0.73, 7.50, ACT_365, 2026-05-10, 2",
    "1000.00, 0.00, ACT_365, 2026-05-10, 0",
    "0.00, 5.00, ACT_365, 2026-05-10, 0",
    // below zero the customer pays for a balance above zero
    "1000.00, -0.365, ACT_365, 2026-05-10, -100",
    // the debit rate, 9.90 %: 50,000 x 0.099 / 365 = 13.561644 cents
    "-500.00, 1.00, ACT_365, 2026-05-10, -1356",
    // the largest balance there can be
    "92233720368547758.07, 100, ACT_365, 2026-05-10, 2526951242973911180"
  })
  void aDayEarnsInterestToAHundredthOfACent(
      String balance, String rate, DayCount dayCount, LocalDate day, long hundredths) {
    AccountTerms terms = terms(rate, dayCount, FeeRhythm.MONTHLY);
    Money money = Money.of(balance, "EUR");
    assertThat(terms.interest(money, day)).isEqualTo(hundredths);
  }

  @Test
  void theDaysOfAMonthAddUpToTheMonth() {
    AccountTerms terms = terms("3.60", THIRTY_E_360, FeeRhythm.MONTHLY);
    for (int month = 1; month <= 12; month++) {
      LocalDate first = LocalDate.of(2028, month, 1);
      long sum =
          first
              .datesUntil(first.plusMonths(1))
              .mapToLong(day -> terms.interest(Money.of("1000.00", "EUR"), day))
              .sum();
      assertThat(sum).isEqualTo(30_000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31, 290, 0, 0",
    "2026-02-27, 0, 0, 0",
    "2028-02-29, 290, 0, 0",
    "2026-03-31, 290, 290, 0",
    "2026-12-31, 290, 290, 290"
  })
  void feesAreDueOnTheLastDayOfTheirPeriod(
      LocalDate day, long monthly, long quarterly, long yearly) {
    assertThat(terms("0", ACT_365, FeeRhythm.MONTHLY).feeAt(day)).isEqualTo(monthly);
    assertThat(terms("0", ACT_365, FeeRhythm.QUARTERLY).feeAt(day)).isEqualTo(quarterly);
    assertThat(terms("0", ACT_365, FeeRhythm.YEARLY).feeAt(day)).isEqualTo(yearly);
  }

  @Test
  void aRateIsWrittenAsAPercentage() {
    assertThat(InterestRate.parse("2.5").percent()).isEqualTo("2.50");
    assertThat(InterestRate.parse("-0.0001").percent()).isEqualTo("-0.0001");
    assertThat(InterestRate.parse("100")).isEqualTo(new InterestRate(1_000_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two", "100.0001", "-101", "1.00001", "1e2", "+1", ".5"})
  void whatIsNoRateIsRefused(String text) {
    assertThatThrownBy(() -> InterestRate.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static AccountTerms terms(String creditRate, DayCount dayCount, FeeRhythm rhythm) {
    return new AccountTerms(
        InterestRate.parse(creditRate),
        InterestRate.parse("9.90"),
        dayCount,
        Money.of("2.90", "EUR"),
        rhythm);
  }
}
