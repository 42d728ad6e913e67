package io.kontor.command.account;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.BookFee;
import io.kontor.api.account.AccountCommand.BookInterest;
import io.kontor.api.account.AccountCommand.CloseAccount;
import io.kontor.api.account.AccountEvent.AccountFrozen;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.FeeBooked;
import io.kontor.api.account.AccountEvent.InterestBooked;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult.Balance;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import java.time.LocalDate;
import java.util.Currency;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Interest and fees are booked by totals, so a repetition books nothing and nothing gets lost. */
@Tag("fast")
class InterestAndFeesTest {
  private static final AccountId ID = AccountId.parse("acme/01900000-0000-7000-8000-000000000001");
  private static final UUID ENTRY = UUID.fromString("01900000-0000-7000-8000-0000000000e1");
  private static final LocalDate JANUARY = LocalDate.parse("2026-01-31");
  private static final LocalDate FEBRUARY = LocalDate.parse("2026-02-28");
  private static final LocalDate MARCH = LocalDate.parse("2026-03-31");

  private final AggregateTestFixture<Account> fixture = new AggregateTestFixture<>(Account.class);

  @Test
  void interestRaisesTheBalance() {
    account("10.00")
        .when(interest(JANUARY, "0.31"))
        .expectEvents(interestBooked(JANUARY, "0.31", "0.31", "10.31"))
        .expectResultMessagePayload(new Balance(2, eur("10.31"), eur("15.31")));
  }

  @Test
  void interestOfAPeriodIsBookedOnce() {
    account("10.00")
        .andGiven(interestBooked(JANUARY, "0.31", "0.31", "10.31"))
        .when(interest(JANUARY, "0.31"))
        .expectNoEvents();
  }

  @Test
  void aPeriodThatIsOverBooksNothingMore() {
    account("10.00")
        .andGiven(interestBooked(FEBRUARY, "0.59", "0.59", "10.59"))
        .when(interest(JANUARY, "0.31"))
        .expectNoEvents();
  }

  @Test
  void theNextPeriodBooksWhatIsNotBookedYet() {
    account("10.00")
        .andGiven(interestBooked(JANUARY, "0.31", "0.31", "10.31"))
        .when(interest(MARCH, "0.90"))
        .expectEvents(interestBooked(MARCH, "0.59", "0.90", "10.90"));
  }

  @Test
  void interestBelowZeroIsPaidWithinTheOverdraftLimit() {
    account("1.00")
        .when(interest(JANUARY, "-5.50"))
        .expectEvents(interestBooked(JANUARY, "-5.50", "-5.50", "-4.50"));
    account("1.00")
        .when(interest(JANUARY, "-6.01"))
        .expectException(RejectedException.class)
        .expectExceptionDetails(new Rejection.InsufficientFunds(ID, eur("6.01"), eur("6.00")))
        .expectNoEvents();
  }

  @Test
  void aFeeLowersTheBalanceOnceAPeriod() {
    account("10.00")
        .when(fee(JANUARY, "2.90"))
        .expectEvents(feeBooked(JANUARY, "2.90", "2.90", "7.10"));
    account("10.00")
        .andGiven(feeBooked(JANUARY, "2.90", "2.90", "7.10"))
        .when(fee(JANUARY, "2.90"))
        .expectNoEvents();
  }

  @Test
  void aFeeThatCouldNotBePaidIsBookedWithTheNext() {
    account("1.00")
        .when(fee(JANUARY, "6.01"))
        .expectExceptionDetails(new Rejection.InsufficientFunds(ID, eur("6.01"), eur("6.00")));
    account("20.00")
        .when(fee(FEBRUARY, "12.02"))
        .expectEvents(feeBooked(FEBRUARY, "12.02", "12.02", "7.98"));
  }

  @Test
  void aFrozenAccountTakesNeither() {
    for (Object command : new Object[] {interest(JANUARY, "0.31"), fee(JANUARY, "2.90")}) {
      account("10.00")
          .andGiven(new AccountFrozen(ID, "court order"))
          .when(command)
          .expectExceptionDetails(new Rejection.AccountFrozen(ID))
          .expectNoEvents();
    }
  }

  @Test
  void anotherCurrencyIsRejected() {
    Money yen = Money.of("5", "JPY");
    account("10.00")
        .when(new BookInterest(ID, ENTRY, JANUARY, yen, ""))
        .expectExceptionDetails(
            new Rejection.CurrencyMismatch(ID, eur("0.00").currency(), yen.currency()));
  }

  @Test
  void bookedInterestKeepsAnAccountFromBeingClosed() {
    account("10.00")
        .andGiven(feeBooked(JANUARY, "10.00", "10.00", "0.00"))
        .andGiven(interestBooked(JANUARY, "0.31", "0.31", "0.31"))
        .when(new CloseAccount(ID))
        .expectExceptionDetails(new Rejection.AccountNotEmpty(ID, eur("0.31"), eur("0.00")));
  }

  private TestExecutor<Account> account(String balance) {
    return fixture.given(
        new AccountOpened(
            ID,
            "cust-42",
            SealedText.inTheClear("cust-42", "Ada"),
            Currency.getInstance("EUR"),
            eur("5.00")),
        new MoneyDeposited(ID, UUID.randomUUID(), eur(balance), eur(balance), "in"));
  }

  private static BookInterest interest(LocalDate period, String total) {
    return new BookInterest(ID, ENTRY, period, eur(total), "interest");
  }

  private static InterestBooked interestBooked(
      LocalDate period, String amount, String total, String balance) {
    return new InterestBooked(ID, ENTRY, period, eur(amount), eur(total), eur(balance), "interest");
  }

  private static BookFee fee(LocalDate period, String total) {
    return new BookFee(ID, ENTRY, period, eur(total), "fees");
  }

  private static FeeBooked feeBooked(
      LocalDate period, String amount, String total, String balance) {
    return new FeeBooked(ID, ENTRY, period, eur(amount), eur(total), eur(balance), "fees");
  }

  private static Money eur(String amount) {
    return Money.of(amount, "EUR");
  }
}
