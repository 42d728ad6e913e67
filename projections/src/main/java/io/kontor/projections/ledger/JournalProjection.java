package io.kontor.projections.ledger;

import static io.kontor.api.ledger.EntryKind.CAPTURE;
import static io.kontor.api.ledger.EntryKind.DEPOSIT;
import static io.kontor.api.ledger.EntryKind.FEE;
import static io.kontor.api.ledger.EntryKind.INTEREST;
import static io.kontor.api.ledger.EntryKind.REFUND;
import static io.kontor.api.ledger.EntryKind.RETURN;
import static io.kontor.api.ledger.EntryKind.TRANSFER;
import static io.kontor.api.ledger.EntryKind.WITHDRAWAL;
import static io.kontor.projections.tables.Tables.LEDGER_TOTAL;
import static io.kontor.projections.tables.Tables.POSTING;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.AccountClosed;
import io.kontor.api.account.AccountEvent.AccountFrozen;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.AccountUnfrozen;
import io.kontor.api.account.AccountEvent.CaptureRefunded;
import io.kontor.api.account.AccountEvent.FeeBooked;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountEvent.InterestBooked;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyReturned;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountEvent.OverdraftLimitChanged;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.ledger.LedgerAccount;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChanges;
import io.kontor.projections.ledger.DoubleEntry.Side;
import io.kontor.projections.ledger.DoubleEntry.Side.Bank;
import io.kontor.projections.ledger.DoubleEntry.Side.Customer;
import java.util.List;
import org.jooq.Table;

/**
 * Double entry: every movement of money is one entry from one event, so a reader never sees one leg
 * without the other.
 */
public final class JournalProjection implements Projection<AccountEvent> {
  /** The projection's name. */
  public static final String NAME = "journal";

  private static final Side CASH = new Bank(LedgerAccount.CASH);
  private static final Side CLEARING = new Bank(LedgerAccount.CLEARING);
  private static final Side INTEREST_EXPENSE = new Bank(LedgerAccount.INTEREST_EXPENSE);
  private static final Side INTEREST_INCOME = new Bank(LedgerAccount.INTEREST_INCOME);
  private static final Side FEE_INCOME = new Bank(LedgerAccount.FEE_INCOME);
  private static final Side SETTLEMENT = new Bank(LedgerAccount.SETTLEMENT);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<AccountEvent> events() {
    return AccountEvent.class;
  }

  @Override
  public List<Table<?>> tables() {
    return List.of(POSTING, LEDGER_TOTAL);
  }

  @Override
  public void project(AccountEvent event, EventContext recorded, RowChanges changes) {
    switch (event) {
      case MoneyDeposited e ->
          new DoubleEntry(DEPOSIT, e.entry(), e.amount(), e.reference())
              .book(CASH, new Customer(e.account(), e.balance()), recorded, changes);
      case MoneyWithdrawn e ->
          new DoubleEntry(WITHDRAWAL, e.entry(), e.amount(), e.reference())
              .book(new Customer(e.account(), e.balance()), CASH, recorded, changes);
      case HoldCaptured e ->
          new DoubleEntry(CAPTURE, e.entry(), e.amount(), e.reference())
              .book(new Customer(e.account(), e.balance()), against(e), recorded, changes);
      case MoneyReturned e ->
          new DoubleEntry(RETURN, e.entry(), e.amount(), e.reference())
              .book(CLEARING, new Customer(e.account(), e.balance()), recorded, changes);
      case CaptureRefunded e ->
          new DoubleEntry(REFUND, e.entry(), e.amount(), e.reference())
              .book(SETTLEMENT, new Customer(e.account(), e.balance()), recorded, changes);
      case InterestBooked e -> interest(e, recorded, changes);
      case FeeBooked e ->
          new DoubleEntry(FEE, e.entry(), e.amount(), e.reference())
              .book(new Customer(e.account(), e.balance()), FEE_INCOME, recorded, changes);
      case TransferSent e ->
          new DoubleEntry(TRANSFER, e.entry(), e.amount(), e.reference())
              .book(
                  new Customer(e.account(), e.balance()),
                  new Customer(e.to(), e.toBalance()),
                  recorded,
                  changes);
      case TransferReceived booked -> {
        // booked by TransferSent
      }
      case AccountOpened _,
          AccountClosed _,
          AccountFrozen _,
          AccountUnfrozen _,
          HoldPlaced _,
          HoldReleased _,
          OverdraftLimitChanged _ -> {
        // moves no money
      }
    }
  }

  private static void interest(InterestBooked e, EventContext recorded, RowChanges changes) {
    Side customer = new Customer(e.account(), e.balance());
    if (e.amount().isNegative()) {
      new DoubleEntry(INTEREST, e.entry(), e.amount().times(-1), e.reference())
          .book(customer, INTEREST_INCOME, recorded, changes);
    } else {
      new DoubleEntry(INTEREST, e.entry(), e.amount(), e.reference())
          .book(INTEREST_EXPENSE, customer, recorded, changes);
    }
  }

  private static Side against(HoldCaptured captured) {
    return captured.against() == null ? SETTLEMENT : new Bank(captured.against());
  }
}
