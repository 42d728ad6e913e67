package io.kontor.command.account;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand;
import io.kontor.api.account.AccountCommand.BookFee;
import io.kontor.api.account.AccountCommand.BookInterest;
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
import io.kontor.api.account.AccountEvent.CaptureRefunded;
import io.kontor.api.account.AccountEvent.FeeBooked;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountEvent.InterestBooked;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyReturned;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.money.Money;
import io.kontor.command.RepeatedCommandsTest;
import io.kontor.personaldata.SealedText;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A repeated command is recognized, whatever happened to the account since. */
@Tag("fast")
class RepeatedAccountCommandsTest extends RepeatedCommandsTest<AccountCommand, AccountEvent> {
  private static final AccountId ID = AccountId.parse("acme/01900000-0000-7000-8000-000000000001");
  private static final UUID HOLD = UUID.fromString("01900000-0000-7000-8000-0000000000a1");
  private static final UUID ENTRY = UUID.fromString("01900000-0000-7000-8000-0000000000e1");
  private static final UUID BACK = UUID.fromString("01900000-0000-7000-8000-0000000000e2");

  private static final PlaceHold PLACE = new PlaceHold(ID, HOLD, eur("4.00"), "card", null);
  private static final CaptureHold CAPTURE = new CaptureHold(ID, HOLD, ENTRY, null);
  private static final RefundCapture REFUND = new RefundCapture(ID, HOLD, BACK);
  private static final BookReturnedPayment RETURN =
      new BookReturnedPayment(ID, BACK, eur("4.00"), "back");
  private static final LocalDate JANUARY = LocalDate.parse("2026-01-31");
  private static final BookInterest INTEREST =
      new BookInterest(ID, ENTRY, JANUARY, eur("0.31"), "interest");
  private static final BookFee FEE = new BookFee(ID, ENTRY, JANUARY, eur("2.90"), "fees");
  private static final CancelHold CANCEL = new CancelHold(ID, HOLD);

  RepeatedAccountCommandsTest() {
    super(
        Account.class,
        AccountCommand.class,
        Set.of(
            OpenAccount.class,
            Deposit.class,
            Withdraw.class,
            Freeze.class,
            Unfreeze.class,
            ChangeOverdraftLimit.class));
  }

  @Override
  protected Stream<Case<AccountCommand, AccountEvent>> cases() {
    return Stream.of(
        repeated(PLACE, held(), List.of(frozen())),
        repeated(PLACE, held(), List.of(spent("6.00", "4.00"))),
        repeated(PLACE, held(), List.of(captured(), frozen())),
        repeated(PLACE, held(), List.of(captured(), spent("6.00", "0.00"), closed())),
        repeated(CAPTURE, held(captured()), List.of(frozen())),
        repeated(CAPTURE, held(captured()), List.of(spent("6.00", "0.00"), closed())),
        repeated(CAPTURE, held(captured()), List.of(refunded(), frozen())),
        repeated(REFUND, held(captured(), refunded()), List.of(frozen())),
        repeated(REFUND, held(captured(), refunded()), List.of(spent("10.00", "0.00"), closed())),
        repeated(RETURN, funded(returned()), List.of(frozen())),
        repeated(RETURN, funded(returned()), List.of(spent("14.00", "0.00"), closed())),
        repeated(INTEREST, funded(interest()), List.of(frozen())),
        repeated(INTEREST, funded(interest()), List.of(spent("10.31", "0.00"), closed())),
        repeated(FEE, funded(fee()), List.of(frozen())),
        repeated(FEE, funded(fee()), List.of(spent("7.10", "0.00"), closed())),
        repeated(CANCEL, held(released("4.00")), List.of(frozen())),
        repeated(CANCEL, held(released("4.00")), List.of(spent("10.00", "0.00"), closed())),
        repeated(CANCEL, funded(released("0.00")), List.of(spent("10.00", "0.00"), closed())),
        repeated(release(HoldReleaseReason.EXPIRED), held(released("4.00")), List.of(frozen())),
        repeated(
            release(HoldReleaseReason.EXPIRED),
            held(released("4.00")),
            List.of(spent("10.00", "0.00"), closed())),
        repeated(new CloseAccount(ID), List.of(opened(), closed()), List.of()),
        repeated(new ShowOwner(ID, null), List.of(opened()), List.of(closed())));
  }

  /** The second release reports that the hold has ended, not that the account is closed. */
  @Test
  void aHoldThatWasReleasedHasEndedAlsoOnAClosedAccount() {
    new AggregateTestFixture<>(Account.class)
        .given(held(released("4.00"), spent("10.00", "0.00"), closed()))
        .when(release(HoldReleaseReason.REQUESTED))
        .expectException(RejectedException.class)
        .expectExceptionDetails(new Rejection.HoldNotActive(ID, HOLD))
        .expectNoEvents();
  }

  /**
   * @param done the account's history, including the command's events
   * @param since later events, after which a new command of this kind is rejected
   */
  private static Case<AccountCommand, AccountEvent> repeated(
      AccountCommand command, List<AccountEvent> done, List<AccountEvent> since) {
    return new Case<>(command, Stream.concat(done.stream(), since.stream()).toList());
  }

  private static List<AccountEvent> funded(AccountEvent... then) {
    List<AccountEvent> history =
        new ArrayList<>(
            List.of(opened(), new MoneyDeposited(ID, HOLD, eur("10.00"), eur("10.00"), "salary")));
    history.addAll(List.of(then));
    return history;
  }

  private static List<AccountEvent> held(AccountEvent... then) {
    List<AccountEvent> history =
        funded(new HoldPlaced(ID, HOLD, eur("4.00"), eur("4.00"), "card", null));
    history.addAll(List.of(then));
    return history;
  }

  private static AccountOpened opened() {
    var ada = SealedText.inTheClear("cust-42", "Ada Lovelace");
    return new AccountOpened(ID, "cust-42", ada, Money.currencyOf("EUR"), eur("0.00"));
  }

  private static HoldCaptured captured() {
    return new HoldCaptured(
        ID, HOLD, ENTRY, eur("4.00"), eur("0.00"), eur("6.00"), eur("0.00"), "card");
  }

  private static CaptureRefunded refunded() {
    return new CaptureRefunded(ID, HOLD, BACK, eur("4.00"), eur("10.00"), "card");
  }

  private static MoneyReturned returned() {
    return new MoneyReturned(ID, BACK, eur("4.00"), eur("14.00"), "back");
  }

  private static InterestBooked interest() {
    return new InterestBooked(
        ID, ENTRY, JANUARY, eur("0.31"), eur("0.31"), eur("10.31"), "interest");
  }

  private static FeeBooked fee() {
    return new FeeBooked(ID, ENTRY, JANUARY, eur("2.90"), eur("2.90"), eur("7.10"), "fees");
  }

  private static HoldReleased released(String amount) {
    return new HoldReleased(ID, HOLD, eur(amount), eur("0.00"), HoldReleaseReason.REQUESTED);
  }

  private static MoneyWithdrawn spent(String amount, String balance) {
    return new MoneyWithdrawn(ID, BACK, eur(amount), eur(balance), "rent");
  }

  private static AccountFrozen frozen() {
    return new AccountFrozen(ID, "court order");
  }

  private static AccountClosed closed() {
    return new AccountClosed(ID);
  }

  private static ReleaseHold release(HoldReleaseReason reason) {
    return new ReleaseHold(ID, HOLD, reason);
  }

  private static Money eur(String amount) {
    return Money.of(amount, "EUR");
  }
}
