package io.kontor.projections.account;

import static io.kontor.projections.tables.Tables.ACCOUNT;

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
import io.kontor.api.account.AccountStatus;
import io.kontor.api.money.Money;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChange;
import io.kontor.projection.RowChanges;
import java.util.List;
import org.jooq.Table;

/** One row per account with its current state. */
public final class AccountProjection implements Projection<AccountEvent> {
  /** The projection's name. */
  public static final String NAME = "accounts";

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
    return List.of(ACCOUNT);
  }

  @Override
  public void project(AccountEvent event, EventContext recorded, RowChanges changes) {
    RowChange account =
        event instanceof AccountOpened opened
            ? open(opened, recorded, changes)
            : changes.update(ACCOUNT, event.account().uuid());
    account.set(ACCOUNT.VERSION, recorded.version());
    switch (event) {
      case AccountOpened opened -> {
        // the insert sets all columns
      }
      case MoneyDeposited deposited -> balance(account, deposited.balance());
      case MoneyWithdrawn withdrawn -> balance(account, withdrawn.balance());
      case TransferSent sent -> balance(account, sent.balance());
      case TransferReceived received -> balance(account, received.balance());
      case MoneyReturned returned -> balance(account, returned.balance());
      case InterestBooked booked -> balance(account, booked.balance());
      case FeeBooked booked -> balance(account, booked.balance());
      case CaptureRefunded refunded -> balance(account, refunded.balance());
      case HoldPlaced placed -> held(account, placed.held());
      case HoldReleased released -> held(account, released.held());
      case HoldCaptured captured -> held(balance(account, captured.balance()), captured.held());
      case AccountFrozen frozen -> status(account, AccountStatus.FROZEN);
      case AccountUnfrozen unfrozen -> status(account, AccountStatus.OPEN);
      case AccountClosed closed -> status(account, AccountStatus.CLOSED);
      case OverdraftLimitChanged changed ->
          account.set(ACCOUNT.OVERDRAFT_LIMIT, changed.overdraftLimit().minorUnits());
    }
  }

  private static RowChange open(AccountOpened opened, EventContext recorded, RowChanges changes) {
    return changes
        .insert(ACCOUNT, opened.account().uuid())
        .set(ACCOUNT.CUSTOMER, opened.customer())
        .set(ACCOUNT.OWNER, opened.owner().stored())
        .set(ACCOUNT.CURRENCY, opened.currency().getCurrencyCode())
        .set(ACCOUNT.STATUS, AccountStatus.OPEN.name())
        .set(ACCOUNT.BALANCE, 0L)
        .set(ACCOUNT.HELD, 0L)
        .set(ACCOUNT.OVERDRAFT_LIMIT, opened.overdraftLimit().minorUnits())
        .set(ACCOUNT.OPENED_AT, recorded.recordedAt());
  }

  private static RowChange balance(RowChange account, Money balance) {
    return account.set(ACCOUNT.BALANCE, balance.minorUnits());
  }

  private static RowChange held(RowChange account, Money held) {
    return account.set(ACCOUNT.HELD, held.minorUnits());
  }

  private static RowChange status(RowChange account, AccountStatus status) {
    return account.set(ACCOUNT.STATUS, status.name());
  }
}
