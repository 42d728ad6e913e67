package io.kontor.command.account;

import io.kontor.api.RejectedException;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.transfer.TransferMoney;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Bookings that are part of another stream's decision, in the unit of work of that. */
@Component
public class AccountBookings {
  private final Repository<Account> accounts;
  private final TransferCommandHandler transfers;

  AccountBookings(Repository<Account> accounts, TransferCommandHandler transfers) {
    this.accounts = accounts;
    this.transfers = transfers;
  }

  /**
   * Books both legs of a transfer.
   *
   * @throws RejectedException having booked nothing
   */
  public void transfer(TransferMoney transfer) {
    transfers.handle(transfer, null);
  }

  /**
   * Checks that a hold can be placed.
   *
   * @param sentAt when the command that decides was sent, in ISO 8601
   * @throws RejectedException if it can't
   */
  public void requireHold(PlaceHold hold, @Nullable String sentAt) {
    accounts
        .load(hold.account().toString())
        .execute(account -> account.heldAfterPlacing(hold, sentAt));
  }

  /** Places a hold that was checked. */
  public void hold(PlaceHold hold, @Nullable String sentAt) {
    accounts.load(hold.account().toString()).execute(account -> account.handle(hold, sentAt));
  }
}
