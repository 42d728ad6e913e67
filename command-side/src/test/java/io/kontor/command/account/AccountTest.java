package io.kontor.command.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand;
import io.kontor.api.account.AccountCommand.BookReturnedPayment;
import io.kontor.api.account.AccountCommand.CancelHold;
import io.kontor.api.account.AccountCommand.CaptureHold;
import io.kontor.api.account.AccountCommand.ChangeOverdraftLimit;
import io.kontor.api.account.AccountCommand.CloseAccount;
import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountCommand.Freeze;
import io.kontor.api.account.AccountCommand.OpenAccount;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountCommand.RefundCapture;
import io.kontor.api.account.AccountCommand.ReleaseHold;
import io.kontor.api.account.AccountCommand.ShowOwner;
import io.kontor.api.account.AccountCommand.Unfreeze;
import io.kontor.api.account.AccountCommand.Withdraw;
import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.AccountClosed;
import io.kontor.api.account.AccountEvent.AccountFrozen;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.AccountUnfrozen;
import io.kontor.api.account.AccountEvent.CaptureRefunded;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyReturned;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountEvent.OverdraftLimitChanged;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult.Balance;
import io.kontor.api.account.AccountResult.Changed;
import io.kontor.api.account.AccountResult.Opened;
import io.kontor.api.account.AccountResult.Owner;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
import io.kontor.command.aggregate.Remembered;
import io.kontor.personaldata.SealedText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class AccountTest {
  private static final Currency EUR = Currency.getInstance("EUR");
  private static final SealedText ADA = SealedText.inTheClear("cust-42", "Ada Lovelace");
  private static final AccountId ID = AccountId.parse("acme/01900000-0000-7000-8000-000000000001");
  private static final UUID ENTRY = UUID.fromString("01900000-0000-7000-8000-0000000000e1");
  private static final UUID HOLD = UUID.fromString("01900000-0000-7000-8000-0000000000a1");
  private static final UUID REFUND = UUID.fromString("01900000-0000-7000-8000-0000000000e2");
  private static final int MANY = Remembered.MOST + 1;
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final AggregateTestFixture<Account> fixture =
      (AggregateTestFixture<Account>)
          new AggregateTestFixture<>(Account.class)
              .registerCommandHandlerInterceptor(AccountConfiguration.UNKNOWN);

  @Nested
  class OpeningAnAccount {
    @Test
    void anAccountOpensEmpty() {
      fixture
          .givenNoPriorActivity()
          .when(new OpenAccount(ID, "cust-42", ADA, EUR, eur("50.00")))
          .expectEvents(new AccountOpened(ID, "cust-42", ADA, EUR, eur("50.00")))
          .expectResultMessagePayload(new Opened(ID.uuid(), 0));
    }
  }

  @Nested
  class Depositing {
    @Test
    void aDepositRaisesTheBalance() {
      fixture
          .given(opened("50.00"), deposited("10.00", "10.00"))
          .when(deposit("2.50"))
          .expectEvents(deposited("2.50", "12.50"))
          .expectResultMessagePayload(new Balance(2, eur("12.50"), eur("62.50")));
    }

    @Test
    void aDepositInAnotherCurrencyIsRejected() {
      var yen = Money.of("5", "JPY");
      rejects(
          List.of(opened("0.00")),
          new Deposit(ID, ENTRY, yen, "salary"),
          new Rejection.CurrencyMismatch(ID, EUR, yen.currency()));
    }

    @Test
    void aBalanceBeyondTheRangeOfMoneyIsRejected() {
      var most = new Money(Long.MAX_VALUE, EUR);
      rejects(
          List.of(opened("0.00"), new MoneyDeposited(ID, ENTRY, most, most, "salary")),
          deposit("0.01"),
          new Rejection.BalanceOutOfRange(ID));
    }

    @Test
    void anAvailableAmountBeyondTheRangeOfMoneyIsRejected() {
      rejects(
          List.of(opened("0.01")),
          new Deposit(ID, ENTRY, new Money(Long.MAX_VALUE, EUR), "salary"),
          new Rejection.BalanceOutOfRange(ID));
    }
  }

  @Nested
  class Withdrawing {
    @Test
    void aWithdrawalMayUseTheOverdraftLimitToTheCent() {
      fixture
          .given(opened("50.00"), deposited("10.00", "10.00"))
          .when(withdraw("60.00"))
          .expectEvents(new MoneyWithdrawn(ID, ENTRY, eur("60.00"), eur("-50.00"), "rent"))
          .expectResultMessagePayload(new Balance(2, eur("-50.00"), eur("0.00")));
    }

    @Test
    void aWithdrawalBeyondWhatIsAvailableIsRejected() {
      rejects(
          List.of(opened("50.00"), deposited("10.00", "10.00"), held("20.00", "20.00")),
          withdraw("40.01"),
          new Rejection.InsufficientFunds(ID, eur("40.01"), eur("40.00")));
    }

    @Test
    void aWithdrawalInAnotherCurrencyIsRejected() {
      rejects(
          List.of(opened("0.00")),
          new Withdraw(ID, ENTRY, Money.of("1.00", "USD"), "rent"),
          new Rejection.CurrencyMismatch(ID, EUR, Currency.getInstance("USD")));
    }
  }

  @Nested
  class PlacingAHold {
    @Test
    void aHoldSetsMoneyAside() {
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"))
          .when(placeHold("4.00"))
          .expectEvents(held("4.00", "4.00"))
          .expectResultMessagePayload(
              new io.kontor.api.account.AccountResult.HoldPlaced(HOLD, 2, eur("6.00")));
    }

    @Test
    void aHoldBeyondWhatIsAvailableIsRejected() {
      rejects(
          List.of(opened("0.00"), deposited("10.00", "10.00")),
          placeHold("10.01"),
          new Rejection.InsufficientFunds(ID, eur("10.01"), eur("10.00")));
    }

    @Test
    void aHoldThatExistsIsNotPlacedAgain() {
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00"))
          .when(placeHold("4.00"))
          .expectNoEvents()
          .expectResultMessagePayload(
              new io.kontor.api.account.AccountResult.HoldPlaced(HOLD, 2, eur("6.00")));
    }

    @Test
    void aHoldThatHasExpiredAlreadyIsRejected() {
      for (Instant late : List.of(NOON, NOON.plusSeconds(1))) {
        refused(
            fixture
                .given(opened("0.00"), deposited("10.00", "10.00"))
                .when(placeHold("4.00"), sentAt(late)),
            new Rejection.HoldBornExpired(ID, HOLD, NOON));
      }
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"))
          .when(placeHold("4.00"), sentAt(NOON.minusNanos(1)))
          .expectEvents(held("4.00", "4.00"));
    }

    @Test
    void aHoldThatIsRepeatedAfterItsExpiryIsNotPlacedAgain() {
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00"))
          .when(placeHold("4.00"), sentAt(NOON.plusSeconds(1)))
          .expectSuccessfulHandlerExecution()
          .expectNoEvents();
    }
  }

  @Nested
  class CapturingAHold {
    @Test
    void aCaptureWithoutAnAmountTakesTheWholeHold() {
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00"))
          .when(new CaptureHold(ID, HOLD, ENTRY, null))
          .expectEvents(captured("4.00", "0.00", "6.00"))
          .expectResultMessagePayload(new Balance(3, eur("6.00"), eur("6.00")));
    }

    @Test
    void aCaptureOfAPartReleasesTheRest() {
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00"))
          .when(new CaptureHold(ID, HOLD, ENTRY, eur("1.00")))
          .expectEvents(captured("1.00", "3.00", "9.00"))
          .expectResultMessagePayload(new Balance(3, eur("9.00"), eur("9.00")));
    }

    @Test
    void aCaptureBeyondTheHoldIsRejected() {
      rejects(
          List.of(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00")),
          new CaptureHold(ID, HOLD, ENTRY, eur("4.01")),
          new Rejection.CaptureExceedsHold(ID, HOLD, eur("4.01"), eur("4.00")));
    }

    @Test
    void aCaptureInAnotherCurrencyIsRejected() {
      rejects(
          List.of(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00")),
          new CaptureHold(ID, HOLD, ENTRY, Money.of("1.00", "USD")),
          new Rejection.CurrencyMismatch(ID, EUR, Currency.getInstance("USD")));
    }

    @Test
    void aHoldIsCapturedUnderOneEntryOnly() {
      rejects(
          List.of(
              opened("0.00"),
              deposited("10.00", "10.00"),
              held("4.00", "4.00"),
              captured("4.00", "0.00", "6.00")),
          new CaptureHold(ID, HOLD, REFUND, null),
          new Rejection.HoldNotActive(ID, HOLD));
    }

    @Test
    void aRepeatedCaptureIsBookedOnce() {
      fixture
          .given(
              opened("0.00"),
              deposited("10.00", "10.00"),
              held("4.00", "4.00"),
              captured("4.00", "0.00", "6.00"),
              frozen())
          .when(new CaptureHold(ID, HOLD, ENTRY, null))
          .expectSuccessfulHandlerExecution()
          .expectNoEvents();
    }

    /** Also when the release is late: the command's time decides, not the order of the two. */
    @Test
    void anExpiredHoldIsNotCaptured() {
      List<AccountEvent> history =
          List.of(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00"));
      var capture = new CaptureHold(ID, HOLD, ENTRY, null);
      refused(
          fixture.given(history).when(capture, sentAt(NOON)),
          new Rejection.HoldNotActive(ID, HOLD));
      fixture
          .given(history)
          .when(capture, sentAt(NOON.minusNanos(1)))
          .expectEvents(captured("4.00", "0.00", "6.00"));
      fixture
          .given(history)
          .andGiven(captured("4.00", "0.00", "6.00"))
          .when(capture, sentAt(NOON.plusSeconds(1)))
          .expectSuccessfulHandlerExecution()
          .expectNoEvents();
    }

    /** Old active holds are not forgotten with the ended ones. */
    @Test
    void aHoldThatOutlivesManyOthersIsCapturedOnce() {
      List<AccountEvent> history = new ArrayList<>(manyEndedHolds());
      var early = new UUID(6, 0);
      history.add(2, new HoldPlaced(ID, early, eur("1.00"), eur("1.00"), "card", null));
      fixture
          .given(history)
          .when(new CaptureHold(ID, early, ENTRY, null))
          .expectSuccessfulHandlerExecution();
    }
  }

  @Nested
  class RefundingACapture {
    @Test
    void aCaptureIsRefundedOnce() {
      List<AccountEvent> history =
          List.of(
              opened("0.00"),
              deposited("10.00", "10.00"),
              held("4.00", "4.00"),
              captured("3.00", "1.00", "7.00"));
      var refunded = new CaptureRefunded(ID, HOLD, REFUND, eur("3.00"), eur("10.00"), "card");
      fixture.given(history).when(new RefundCapture(ID, HOLD, REFUND)).expectEvents(refunded);
      fixture
          .given(history)
          .andGiven(refunded)
          .when(new RefundCapture(ID, HOLD, REFUND))
          .expectSuccessfulHandlerExecution()
          .expectNoEvents();
    }

    @Test
    void aHoldThatEndedWithoutACaptureIsNotRefunded() {
      rejects(
          List.of(
              opened("0.00"),
              deposited("10.00", "10.00"),
              held("4.00", "4.00"),
              released(HoldReleaseReason.REQUESTED)),
          new RefundCapture(ID, HOLD, REFUND),
          new Rejection.NothingCaptured(ID, HOLD));
    }

    @Test
    void aFrozenAccountTakesNoRefund() {
      rejects(
          List.of(
              opened("0.00"),
              deposited("10.00", "10.00"),
              held("4.00", "4.00"),
              captured("4.00", "0.00", "6.00"),
              frozen()),
          new RefundCapture(ID, HOLD, REFUND),
          new Rejection.AccountFrozen(ID));
    }
  }

  @Nested
  class ReleasingAHold {
    @Test
    void aReleasedHoldIsAvailableAgain() {
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00"))
          .when(new ReleaseHold(ID, HOLD, HoldReleaseReason.REQUESTED))
          .expectEvents(released(HoldReleaseReason.REQUESTED))
          .expectResultMessagePayload(new Balance(3, eur("10.00"), eur("10.00")));
    }

    @Test
    void aReleasedHoldIsNotReleasedAgain() {
      rejects(
          List.of(
              opened("0.00"),
              deposited("10.00", "10.00"),
              held("4.00", "4.00"),
              released(HoldReleaseReason.REQUESTED)),
          new ReleaseHold(ID, HOLD, HoldReleaseReason.REQUESTED),
          new Rejection.HoldNotActive(ID, HOLD));
    }

    @Test
    void theExpiryOfAHoldThatEndedChangesNothing() {
      fixture
          .given(
              opened("0.00"),
              deposited("10.00", "10.00"),
              held("4.00", "4.00"),
              captured("4.00", "0.00", "6.00"))
          .when(new ReleaseHold(ID, HOLD, HoldReleaseReason.EXPIRED))
          .expectNoEvents()
          .expectResultMessagePayload(new Balance(3, eur("6.00"), eur("6.00")));
    }

    @Test
    void aFrozenAccountReleasesAHold() {
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00"), frozen())
          .when(new ReleaseHold(ID, HOLD, HoldReleaseReason.EXPIRED))
          .expectEvents(released(HoldReleaseReason.EXPIRED));
    }
  }

  @Nested
  class CancellingAHold {
    @Test
    void aHoldThatWasCancelledBeforeItIsPlacedIsRejected() {
      var cancelled =
          new HoldReleased(ID, HOLD, eur("0.00"), eur("0.00"), HoldReleaseReason.REQUESTED);
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"))
          .when(new CancelHold(ID, HOLD))
          .expectEvents(cancelled);
      rejects(
          List.of(opened("0.00"), deposited("10.00", "10.00"), cancelled),
          placeHold("4.00"),
          new Rejection.HoldNotActive(ID, HOLD));
    }

    @Test
    void aCancelledHoldIsAvailableAgainAlsoOnAFrozenAccount() {
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00"), frozen())
          .when(new CancelHold(ID, HOLD))
          .expectEvents(released(HoldReleaseReason.REQUESTED));
    }
  }

  @Nested
  class HoldsAndReturnsOfLongAgo {
    @Test
    void aHoldThatWasNeverPlacedIsUnknown() {
      rejects(
          List.of(opened("0.00")),
          new ReleaseHold(ID, HOLD, HoldReleaseReason.REQUESTED),
          new Rejection.Unknown("hold"));
      rejects(
          List.of(opened("0.00")),
          new CaptureHold(ID, HOLD, ENTRY, null),
          new Rejection.Unknown("hold"));
    }

    @Test
    void aHoldThatEndedLongAgoIsNotActive() {
      List<AccountEvent> history = manyEndedHolds();
      rejects(
          history,
          new ReleaseHold(ID, hold(0), HoldReleaseReason.REQUESTED),
          new Rejection.HoldNotActive(ID, hold(0)));
      rejects(
          history,
          new CaptureHold(ID, hold(0), hold(MANY + 1), null),
          new Rejection.HoldNotActive(ID, hold(0)));
      rejects(
          history,
          new ReleaseHold(ID, hold(MANY + 1), HoldReleaseReason.REQUESTED),
          new Rejection.Unknown("hold"));
    }

    /** As after a late takeover of a process, or its restart from the account's history. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, MANY / 2, MANY - 1})
    void whatWasDoneForAHoldIsNotDoneAgainAfterManyOthers(int number) {
      List<AccountEvent> history = manyEndedHolds();
      UUID old = hold(number);
      for (AccountCommand again :
          List.of(
              new PlaceHold(ID, old, eur("1.00"), "card", null),
              new CaptureHold(ID, old, entry(number), null),
              new CancelHold(ID, old))) {
        fixture.given(history).when(again).expectNoEvents();
      }
    }

    /** Neither "done" nor "nothing to do": an operator has to look. */
    @Test
    void aCommandToAForgottenHoldIsRejectedAsTooOld() {
      List<AccountEvent> history = manyEndedHolds();
      var tooOld = new Rejection.ReferenceTooOld("hold", hold(0));
      rejects(history, new PlaceHold(ID, hold(0), eur("1.00"), "card", null), tooOld);
      rejects(history, new CaptureHold(ID, hold(0), entry(0), null), tooOld);
      rejects(history, new RefundCapture(ID, hold(0), REFUND), tooOld);
    }

    @Test
    void aForgottenReturnIsRejectedAsTooOld() {
      List<AccountEvent> history = new ArrayList<>(List.of(opened("0.00")));
      for (int i = 0; i < MANY; i++) {
        history.add(new MoneyReturned(ID, entry(i), eur("1.00"), eur("1.00"), "back"));
      }
      rejects(
          history,
          new BookReturnedPayment(ID, entry(0), eur("1.00"), "back"),
          new Rejection.ReferenceTooOld("return", entry(0)));
      fixture
          .given(history)
          .when(new BookReturnedPayment(ID, entry(MANY - 1), eur("1.00"), "back"))
          .expectSuccessfulHandlerExecution()
          .expectNoEvents();
    }
  }

  @Nested
  class FreezingAndUnfreezing {
    @Test
    void freezingIsRecordedOnce() {
      fixture
          .given(opened("0.00"))
          .when(new Freeze(ID, "court order"))
          .expectEvents(frozen())
          .expectResultMessagePayload(new Changed(1));
      fixture
          .given(opened("0.00"), frozen())
          .when(new Freeze(ID, "court order"))
          .expectNoEvents()
          .expectResultMessagePayload(new Changed(1));
    }

    @Test
    void unfreezingIsRecordedOnce() {
      fixture
          .given(opened("0.00"), frozen())
          .when(new Unfreeze(ID, "order lifted"))
          .expectEvents(new AccountUnfrozen(ID, "order lifted"))
          .expectResultMessagePayload(new Changed(2));
      fixture
          .given(opened("0.00"))
          .when(new Unfreeze(ID, "order lifted"))
          .expectNoEvents()
          .expectResultMessagePayload(new Changed(0));
    }

    @Test
    void anUnfrozenAccountMovesMoneyAgain() {
      fixture
          .given(opened("0.00"), frozen(), new AccountUnfrozen(ID, "order lifted"))
          .when(deposit("1.00"))
          .expectEvents(deposited("1.00", "1.00"));
    }

    static Stream<AccountCommand> rejectedWhileFrozen() {
      return Stream.of(
          deposit("1.00"),
          withdraw("1.00"),
          new PlaceHold(ID, ENTRY, eur("1.00"), "card", null),
          new CaptureHold(ID, HOLD, ENTRY, null),
          new CloseAccount(ID));
    }

    @ParameterizedTest
    @MethodSource("rejectedWhileFrozen")
    void aFrozenAccountRejects(AccountCommand command) {
      rejects(
          List.of(opened("0.00"), deposited("10.00", "10.00"), held("4.00", "4.00"), frozen()),
          command,
          new Rejection.AccountFrozen(ID));
    }
  }

  @Nested
  class ChangingTheOverdraftLimit {
    @Test
    void theOverdraftLimitCanBeChangedWhileFrozen() {
      fixture
          .given(opened("0.00"), frozen())
          .when(new ChangeOverdraftLimit(ID, eur("20.00")))
          .expectEvents(new OverdraftLimitChanged(ID, eur("20.00")))
          .expectResultMessagePayload(new Balance(2, eur("0.00"), eur("20.00")));
    }

    @Test
    void anOverdraftLimitBelowWhatIsUsedIsRejected() {
      rejects(
          List.of(
              opened("50.00"), new MoneyWithdrawn(ID, ENTRY, eur("30.00"), eur("-30.00"), "rent")),
          new ChangeOverdraftLimit(ID, eur("29.99")),
          new Rejection.InsufficientFunds(ID, eur("20.01"), eur("20.00")));
    }

    @Test
    void anOverdraftLimitInAnotherCurrencyIsRejected() {
      rejects(
          List.of(opened("0.00")),
          new ChangeOverdraftLimit(ID, Money.of("1.00", "USD")),
          new Rejection.CurrencyMismatch(ID, EUR, Currency.getInstance("USD")));
    }

    @Test
    void anOverdraftLimitBeyondTheRangeOfMoneyIsRejected() {
      rejects(
          List.of(opened("0.00"), deposited("0.01", "0.01")),
          new ChangeOverdraftLimit(ID, new Money(Long.MAX_VALUE, EUR)),
          new Rejection.BalanceOutOfRange(ID));
    }
  }

  @Nested
  class ClosingAnAccount {
    @Test
    void anEmptyAccountCloses() {
      fixture
          .given(opened("50.00"))
          .when(new CloseAccount(ID))
          .expectEvents(new AccountClosed(ID))
          .expectResultMessagePayload(new Changed(1));
    }

    @Test
    void anAccountWithMoneyOrDebtOrHoldsDoesNotClose() {
      rejects(
          List.of(opened("0.00"), deposited("10.00", "10.00")),
          new CloseAccount(ID),
          new Rejection.AccountNotEmpty(ID, eur("10.00"), eur("0.00")));
      rejects(
          List.of(
              opened("50.00"), new MoneyWithdrawn(ID, ENTRY, eur("30.00"), eur("-30.00"), "rent")),
          new CloseAccount(ID),
          new Rejection.AccountNotEmpty(ID, eur("-30.00"), eur("0.00")));
      rejects(
          List.of(opened("50.00"), held("4.00", "4.00")),
          new CloseAccount(ID),
          new Rejection.AccountNotEmpty(ID, eur("0.00"), eur("4.00")));
    }

    static Stream<AccountCommand> rejectedWhenClosed() {
      return Stream.concat(
          FreezingAndUnfreezing.rejectedWhileFrozen()
              .filter(command -> !(command instanceof CloseAccount)),
          Stream.of(
              new ReleaseHold(ID, HOLD, HoldReleaseReason.REQUESTED),
              new Freeze(ID, "court order"),
              new Unfreeze(ID, "order lifted"),
              new ChangeOverdraftLimit(ID, eur("1.00"))));
    }

    @ParameterizedTest
    @MethodSource("rejectedWhenClosed")
    void aClosedAccountRejects(AccountCommand command) {
      rejects(
          List.of(opened("0.00"), new AccountClosed(ID)), command, new Rejection.AccountClosed(ID));
    }
  }

  @Nested
  class ShowingTheOwner {
    @Test
    void aCustomerSeesTheOwnerOfTheirOwnAccountOnly() {
      fixture
          .given(opened("0.00"))
          .when(new ShowOwner(ID, "cust-42"))
          .expectResultMessagePayload(new Owner(0, "cust-42", EUR))
          .expectNoEvents();
      rejects(
          List.of(opened("0.00")), new ShowOwner(ID, "cust-43"), new Rejection.Unknown("account"));
    }
  }

  @Nested
  class AnyCommand {
    @Test
    void everyCommandHasAHandler() {
      var handled =
          Arrays.stream(Account.class.getDeclaredMethods())
              .filter(method -> method.isAnnotationPresent(CommandHandler.class))
              .map(method -> method.getParameterTypes()[0])
              .toList();
      assertThat(handled).containsExactlyInAnyOrder(AccountCommand.class.getPermittedSubclasses());
    }

    static Stream<AccountCommand> sentToAnAccount() {
      return ClosingAnAccount.rejectedWhenClosed();
    }

    @ParameterizedTest
    @MethodSource("sentToAnAccount")
    void anAccountThatWasNeverOpenedIsUnknown(AccountCommand command) {
      refused(fixture.givenNoPriorActivity().when(command), new Rejection.Unknown("account"));
    }

    @Test
    void aCommandMayExpectTheVersionThatTheAccountHas() {
      fixture
          .given(opened("0.00"), deposited("10.00", "10.00"))
          .when(deposit("2.50"), Map.of(MessageMetadata.EXPECTED_VERSION, 1L))
          .expectEvents(deposited("2.50", "12.50"));
    }

    @Test
    void aCommandThatExpectsAnotherVersionIsRejected() {
      refused(
          fixture
              .given(opened("0.00"), deposited("10.00", "10.00"))
              .when(deposit("2.50"), Map.of(MessageMetadata.EXPECTED_VERSION, 0L)),
          new Rejection.VersionMismatch(0, 1));
    }
  }

  private void rejects(List<AccountEvent> history, AccountCommand command, Rejection reason) {
    refused(fixture.given(history).when(command), reason);
  }

  private static void refused(ResultValidator<Account> result, Rejection reason) {
    result.expectException(RejectedException.class).expectExceptionDetails(reason).expectNoEvents();
  }

  private static List<AccountEvent> manyEndedHolds() {
    List<AccountEvent> history =
        new ArrayList<>(List.of(opened("0.00"), deposited("9000.00", "9000.00")));
    for (int i = 0; i < MANY; i++) {
      history.add(new HoldPlaced(ID, hold(i), eur("1.00"), eur("1.00"), "card", null));
      history.add(
          new HoldCaptured(
              ID,
              hold(i),
              entry(i),
              eur("1.00"),
              eur("0.00"),
              eur("9000.00"),
              eur("0.00"),
              "card"));
    }
    return history;
  }

  private static UUID hold(int number) {
    return new UUID(7, 2L * number);
  }

  private static UUID entry(int number) {
    return new UUID(7, 2L * number + 1);
  }

  private static Map<String, String> sentAt(Instant time) {
    return Map.of(MessageMetadata.SENT_AT, time.toString());
  }

  private static Money eur(String amount) {
    return Money.of(amount, "EUR");
  }

  private static AccountOpened opened(String overdraftLimit) {
    return new AccountOpened(ID, "cust-42", ADA, EUR, eur(overdraftLimit));
  }

  private static MoneyDeposited deposited(String amount, String balance) {
    return new MoneyDeposited(ID, ENTRY, eur(amount), eur(balance), "salary");
  }

  private static HoldPlaced held(String amount, String held) {
    return new HoldPlaced(ID, HOLD, eur(amount), eur(held), "card", NOON);
  }

  private static HoldCaptured captured(String amount, String released, String balance) {
    return new HoldCaptured(
        ID, HOLD, ENTRY, eur(amount), eur(released), eur(balance), eur("0.00"), "card");
  }

  private static HoldReleased released(HoldReleaseReason reason) {
    return new HoldReleased(ID, HOLD, eur("4.00"), eur("0.00"), reason);
  }

  private static AccountFrozen frozen() {
    return new AccountFrozen(ID, "court order");
  }

  private static Deposit deposit(String amount) {
    return new Deposit(ID, ENTRY, eur(amount), "salary");
  }

  private static Withdraw withdraw(String amount) {
    return new Withdraw(ID, ENTRY, eur(amount), "rent");
  }

  private static PlaceHold placeHold(String amount) {
    return new PlaceHold(ID, HOLD, eur(amount), "card", NOON);
  }
}
