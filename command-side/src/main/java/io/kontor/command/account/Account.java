package io.kontor.command.account;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
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
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult.Balance;
import io.kontor.api.account.AccountResult.Changed;
import io.kontor.api.account.AccountResult.HoldPlaced;
import io.kontor.api.account.AccountResult.Opened;
import io.kontor.api.account.AccountResult.Owner;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
import io.kontor.api.transfer.TransferMoney;
import io.kontor.command.account.Holds.Capture;
import io.kontor.command.account.Holds.Hold;
import io.kontor.command.aggregate.ExpectedVersions;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A customer's account. Handlers check the state and either apply events or throw {@link
 * RejectedException}, never both; only {@link #evolve} changes the state.
 */
@Aggregate(repository = AccountConfiguration.REPOSITORY)
@Revision("3")
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE)
class Account {
  @AggregateIdentifier private AccountId id;
  private String customer;
  private Status status;
  private Funds funds;
  private Holds holds = new Holds();

  /** Up to where interest and fees are booked; null before the first time. */
  private @Nullable BookedPeriod interest;

  private @Nullable BookedPeriod fees;

  private enum Status {
    OPEN,
    FROZEN,
    CLOSED
  }

  /** Axon creates an instance and replays its events. */
  @SuppressWarnings("NullAway.Init")
  Account() {}

  @CommandHandlerInterceptor
  void requireVersion(@MetaDataValue(MessageMetadata.EXPECTED_VERSION) @Nullable Number expected) {
    ExpectedVersions.require(expected, getVersion());
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.ALWAYS)
  Opened handle(OpenAccount command) {
    apply(
        new AccountEvent.AccountOpened(
            command.account(),
            command.customer(),
            command.owner(),
            command.currency(),
            command.overdraftLimit()));
    return new Opened(id.uuid(), getVersion());
  }

  @CommandHandler
  Balance handle(Deposit command) {
    requireOpen();
    Funds after = fundsAfterReceiving(command.amount());
    apply(
        new AccountEvent.MoneyDeposited(
            id, command.entry(), command.amount(), after.balance(), command.reference()));
    return balance();
  }

  @CommandHandler
  Balance handle(Withdraw command) {
    requireOpen();
    Funds after = fundsAfterPaying(command.amount());
    apply(
        new AccountEvent.MoneyWithdrawn(
            id, command.entry(), command.amount(), after.balance(), command.reference()));
    return balance();
  }

  /** Idempotent: the same hold is not placed again, even after its capture. */
  @CommandHandler
  HoldPlaced handle(
      PlaceHold command, @MetaDataValue(MessageMetadata.SENT_AT) @Nullable String sentAt) {
    UUID id = command.hold();
    if (holds.active(id) == null && holds.captured(id) == null) {
      Money held = heldAfterPlacing(command, sentAt);
      apply(
          new AccountEvent.HoldPlaced(
              this.id, id, command.amount(), held, command.reference(), command.expiresAt()));
    }
    return new HoldPlaced(id, getVersion(), funds.available());
  }

  /** Idempotent: the same entry is not booked again. */
  @CommandHandler
  Balance handle(
      CaptureHold command, @MetaDataValue(MessageMetadata.SENT_AT) @Nullable String sentAt) {
    Capture booked = holds.captured(command.hold());
    if (booked != null && booked.entry().equals(command.entry())) {
      return balance();
    }
    if (holds.mayHaveForgotten(command.hold(), command.entry())) {
      throw new RejectedException(new Rejection.ReferenceTooOld("hold", command.hold()));
    }
    requireOpen();
    Hold hold = requireHold(command.hold());
    if (hold.isOver(time(sentAt))) {
      throw new RejectedException(new Rejection.HoldNotActive(id, command.hold()));
    }
    Money amount = command.amount() == null ? hold.amount() : command.amount();
    requireCurrency(amount);
    if (amount.isMoreThan(hold.amount())) {
      throw new RejectedException(
          new Rejection.CaptureExceedsHold(id, command.hold(), amount, hold.amount()));
    }
    apply(
        new AccountEvent.HoldCaptured(
            id,
            command.hold(),
            command.entry(),
            amount,
            hold.amount().minus(amount),
            exactly(() -> funds.balance().minus(amount)),
            funds.held().minus(hold.amount()),
            hold.reference(),
            command.against()));
    return balance();
  }

  @CommandHandler
  Balance handle(RefundCapture command) {
    Capture captured = requireCaptured(command.hold());
    if (captured.refunded()) {
      return balance();
    }
    requireOpen();
    Funds after = fundsAfterReceiving(captured.amount());
    apply(
        new AccountEvent.CaptureRefunded(
            id,
            command.hold(),
            command.entry(),
            captured.amount(),
            after.balance(),
            captured.reference()));
    return balance();
  }

  @CommandHandler
  Balance handle(BookReturnedPayment command) {
    if (holds.hasReturned(command.entry())) {
      return balance();
    }
    if (holds.mayHaveForgottenReturn(command.entry())) {
      throw new RejectedException(new Rejection.ReferenceTooOld("return", command.entry()));
    }
    requireOpen();
    Funds after = fundsAfterReceiving(command.amount());
    apply(
        new AccountEvent.MoneyReturned(
            id, command.entry(), command.amount(), after.balance(), command.reference()));
    return balance();
  }

  @CommandHandler
  Balance handle(BookInterest command) {
    Money amount = due(interest, command.period(), command.total());
    if (!amount.isZero()) {
      Money after =
          amount.isNegative()
              ? balanceAfterSending(exactly(() -> amount.times(-1)))
              : balanceAfterReceiving(amount);
      apply(
          new AccountEvent.InterestBooked(
              id,
              command.entry(),
              command.period(),
              amount,
              command.total(),
              after,
              command.reference()));
    }
    return balance();
  }

  @CommandHandler
  Balance handle(BookFee command) {
    Money amount = due(fees, command.period(), command.total());
    if (amount.isPositive()) {
      Money after = balanceAfterSending(amount);
      apply(
          new AccountEvent.FeeBooked(
              id,
              command.entry(),
              command.period(),
              amount,
              command.total(),
              after,
              command.reference()));
    }
    return balance();
  }

  /** What is left to book of a total; nothing of a period that is booked already. */
  private Money due(@Nullable BookedPeriod booked, LocalDate period, Money total) {
    requireCurrency(total);
    if (booked == null) {
      return total;
    }
    return period.isAfter(booked.lastDay())
        ? exactly(() -> total.minus(booked.total()))
        : Money.zero(funds.currency());
  }

  @CommandHandler
  Owner handle(ShowOwner command) {
    requireCustomer(command.onBehalfOf());
    return new Owner(getVersion(), customer, funds.currency());
  }

  /**
   * Allowed on a frozen account, since no money moves. An expiry of a hold that ended is ignored.
   */
  @CommandHandler
  Balance handle(ReleaseHold command) {
    if (command.reason() == HoldReleaseReason.EXPIRED && holds.active(command.hold()) == null) {
      return balance();
    }
    if (holds.hasEnded(command.hold())) {
      throw new RejectedException(new Rejection.HoldNotActive(id, command.hold()));
    }
    requireNotClosed();
    release(command.hold(), requireHold(command.hold()).amount(), command.reason());
    return balance();
  }

  /**
   * An unknown hold is recorded as released, so that placing it later is rejected. That record is
   * not needed on a closed account, or when the hold may have been forgotten: then placing it is
   * rejected anyway.
   */
  @CommandHandler
  Balance handle(CancelHold command) {
    Hold hold = holds.active(command.hold());
    if (hold != null) {
      release(command.hold(), hold.amount(), HoldReleaseReason.REQUESTED);
    } else if (status != Status.CLOSED
        && !holds.hasEnded(command.hold())
        && !holds.mayHaveForgotten(command.hold())) {
      release(command.hold(), Money.zero(funds.currency()), HoldReleaseReason.REQUESTED);
    }
    return balance();
  }

  @CommandHandler
  Changed handle(Freeze command) {
    requireNotClosed();
    if (status == Status.OPEN) {
      apply(new AccountEvent.AccountFrozen(id, command.reason()));
    }
    return new Changed(getVersion());
  }

  @CommandHandler
  Changed handle(Unfreeze command) {
    requireNotClosed();
    if (status == Status.FROZEN) {
      apply(new AccountEvent.AccountUnfrozen(id, command.reason()));
    }
    return new Changed(getVersion());
  }

  @CommandHandler
  Balance handle(ChangeOverdraftLimit command) {
    requireNotClosed();
    requireCurrency(command.overdraftLimit());
    Money available = exactly(() -> funds.withOverdraftLimit(command.overdraftLimit())).available();
    if (available.isNegative()) {
      throw new RejectedException(
          new Rejection.InsufficientFunds(
              id, funds.overdraftLimit().minus(command.overdraftLimit()), funds.available()));
    }
    apply(new AccountEvent.OverdraftLimitChanged(id, command.overdraftLimit()));
    return balance();
  }

  @CommandHandler
  Changed handle(CloseAccount command) {
    if (status == Status.CLOSED) {
      return new Changed(getVersion());
    }
    requireOpen();
    if (!funds.balance().isZero() || !funds.held().isZero()) {
      throw new RejectedException(new Rejection.AccountNotEmpty(id, funds.balance(), funds.held()));
    }
    apply(new AccountEvent.AccountClosed(id));
    return new Changed(getVersion());
  }

  /** Another customer's account is reported as unknown. */
  void requireCustomer(@Nullable String onBehalfOf) {
    if (onBehalfOf != null && !onBehalfOf.equals(customer)) {
      throw new RejectedException(new Rejection.Unknown("account"));
    }
  }

  /** Checks a new hold and returns what is held after it. */
  Money heldAfterPlacing(PlaceHold command, @Nullable String sentAt) {
    requireNew(command.hold());
    requireOpen();
    var hold = new Hold(command.amount(), command.reference(), command.expiresAt());
    if (hold.isOver(time(sentAt))) {
      throw new RejectedException(
          new Rejection.HoldBornExpired(
              id, command.hold(), Objects.requireNonNull(hold.expiresAt())));
    }
    requireAvailable(command.amount());
    return exactly(() -> funds.held().plus(command.amount()));
  }

  /** Checks that money can be taken from this account, and returns the balance after it. */
  Money balanceAfterSending(Money amount) {
    requireOpen();
    return fundsAfterPaying(amount).balance();
  }

  /** Checks that this account can receive money, and returns the balance after it. */
  Money balanceAfterReceiving(Money amount) {
    requireOpen();
    return fundsAfterReceiving(amount).balance();
  }

  /** Books the paying leg, already checked. Returns the version after it. */
  long send(TransferMoney transfer, Money balance, Money toBalance) {
    apply(
        new AccountEvent.TransferSent(
            id,
            transfer.transfer(),
            transfer.entry(),
            transfer.to(),
            transfer.amount(),
            balance,
            toBalance,
            transfer.reference()));
    return getVersion();
  }

  /** Books the receiving leg, already checked. Returns the version after it. */
  long receive(TransferMoney transfer, Money balance) {
    apply(
        new AccountEvent.TransferReceived(
            id,
            transfer.transfer(),
            transfer.entry(),
            transfer.from(),
            transfer.amount(),
            balance,
            transfer.reference()));
    return getVersion();
  }

  @EventSourcingHandler
  void evolve(AccountEvent event) {
    switch (event) {
      case AccountEvent.AccountOpened opened -> {
        id = opened.account();
        customer = opened.customer();
        status = Status.OPEN;
        funds = Funds.none(opened.overdraftLimit());
      }
      case AccountEvent.MoneyDeposited deposited -> funds = funds.withBalance(deposited.balance());
      case AccountEvent.MoneyWithdrawn withdrawn -> funds = funds.withBalance(withdrawn.balance());
      case AccountEvent.HoldPlaced placed -> {
        holds.place(
            placed.hold(), new Hold(placed.amount(), placed.reference(), placed.expiresAt()));
        funds = funds.withHeld(placed.held());
      }
      case AccountEvent.HoldCaptured captured -> {
        holds.capture(
            captured.hold(),
            new Capture(captured.entry(), captured.amount(), captured.reference(), false));
        funds = funds.withBalance(captured.balance()).withHeld(captured.held());
      }
      case AccountEvent.CaptureRefunded refunded -> {
        holds.refund(refunded.hold());
        funds = funds.withBalance(refunded.balance());
      }
      case AccountEvent.HoldReleased released -> {
        holds.release(released.hold());
        funds = funds.withHeld(released.held());
      }
      case AccountEvent.MoneyReturned returned -> {
        holds.returned(returned.entry());
        funds = funds.withBalance(returned.balance());
      }
      case AccountEvent.InterestBooked booked -> {
        interest = new BookedPeriod(booked.period(), booked.total());
        funds = funds.withBalance(booked.balance());
      }
      case AccountEvent.FeeBooked booked -> {
        fees = new BookedPeriod(booked.period(), booked.total());
        funds = funds.withBalance(booked.balance());
      }
      case AccountEvent.AccountFrozen _ -> status = Status.FROZEN;
      case AccountEvent.AccountUnfrozen _ -> status = Status.OPEN;
      case AccountEvent.OverdraftLimitChanged changed ->
          funds = funds.withOverdraftLimit(changed.overdraftLimit());
      case AccountEvent.AccountClosed _ -> status = Status.CLOSED;
      case AccountEvent.TransferSent sent -> funds = funds.withBalance(sent.balance());
      case AccountEvent.TransferReceived received -> funds = funds.withBalance(received.balance());
    }
  }

  private Balance balance() {
    return new Balance(getVersion(), funds.balance(), funds.available());
  }

  private Funds fundsAfterReceiving(Money amount) {
    requireCurrency(amount);
    return exactly(() -> funds.plus(amount));
  }

  private Funds fundsAfterPaying(Money amount) {
    requireAvailable(amount);
    return exactly(() -> funds.minus(amount));
  }

  private void requireOpen() {
    requireNotClosed();
    if (status == Status.FROZEN) {
      throw new RejectedException(new Rejection.AccountFrozen(id));
    }
  }

  private void requireNotClosed() {
    if (status == Status.CLOSED) {
      throw new RejectedException(new Rejection.AccountClosed(id));
    }
  }

  private void requireCurrency(Money amount) {
    if (!amount.currency().equals(funds.currency())) {
      throw new RejectedException(
          new Rejection.CurrencyMismatch(id, funds.currency(), amount.currency()));
    }
  }

  private void requireAvailable(Money amount) {
    requireCurrency(amount);
    if (amount.isMoreThan(funds.available())) {
      throw new RejectedException(new Rejection.InsufficientFunds(id, amount, funds.available()));
    }
  }

  private Hold requireHold(UUID id) {
    Hold hold = holds.active(id);
    if (hold != null) {
      return hold;
    }
    throw new RejectedException(
        holds.hasEnded(id) || holds.mayHaveForgotten(id)
            ? new Rejection.HoldNotActive(this.id, id)
            : new Rejection.Unknown("hold"));
  }

  private Capture requireCaptured(UUID hold) {
    Capture captured = holds.captured(hold);
    if (captured != null) {
      return captured;
    }
    if (holds.hasEnded(hold)) {
      throw new RejectedException(new Rejection.NothingCaptured(id, hold));
    }
    throw new RejectedException(
        holds.mayHaveForgotten(hold)
            ? new Rejection.ReferenceTooOld("hold", hold)
            : new Rejection.Unknown("capture"));
  }

  private void requireNew(UUID hold) {
    if (holds.hasEnded(hold)) {
      throw new RejectedException(new Rejection.HoldNotActive(id, hold));
    }
    if (holds.mayHaveForgotten(hold)) {
      throw new RejectedException(new Rejection.ReferenceTooOld("hold", hold));
    }
  }

  private void release(UUID hold, Money amount, HoldReleaseReason reason) {
    apply(new AccountEvent.HoldReleased(id, hold, amount, funds.held().minus(amount), reason));
  }

  private static @Nullable Instant time(@Nullable String sentAt) {
    return sentAt == null ? null : Instant.parse(sentAt);
  }

  private <T> T exactly(Supplier<T> calculation) {
    try {
      return calculation.get();
    } catch (ArithmeticException outOfRange) {
      throw new RejectedException(new Rejection.BalanceOutOfRange(id));
    }
  }
}
