package io.kontor.command.account;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountId;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
import io.kontor.api.transfer.TransferMoney;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Transfers inside the bank: one decision over two accounts. Both legs are checked before either is
 * booked, so a rejected transfer appends nothing, and one unit of work appends both.
 */
@Component
class TransferCommandHandler {
  private final Repository<Account> accounts;

  TransferCommandHandler(Repository<Account> accounts) {
    this.accounts = accounts;
  }

  @CommandHandler
  TransferMoney.Booked handle(
      TransferMoney transfer,
      @MetaDataValue(MessageMetadata.EXPECTED_VERSION) @Nullable Number expectedVersion) {
    if (transfer.from().equals(transfer.to())) {
      throw new RejectedException(new Rejection.SameAccount(transfer.from()));
    }
    var pair = load(transfer.from(), transfer.to());
    pair.from().execute(from -> from.requireCustomer(transfer.onBehalfOf()));
    pair.from().execute(from -> from.requireVersion(expectedVersion));
    Money balance = pair.from().invoke(from -> from.balanceAfterSending(transfer.amount()));
    Money toBalance = pair.to().invoke(to -> to.balanceAfterReceiving(transfer.amount()));
    long fromVersion = pair.from().invoke(from -> from.send(transfer, balance, toBalance));
    long toVersion = pair.to().invoke(to -> to.receive(transfer, toBalance));
    return new TransferMoney.Booked(transfer.transfer(), transfer.entry(), fromVersion, toVersion);
  }

  /** Loading takes the stream's lock, so it follows the order of stream ids to avoid deadlocks. */
  private Pair load(AccountId from, AccountId to) {
    if (from.toString().compareTo(to.toString()) < 0) {
      var first = accounts.load(from.toString());
      return new Pair(first, accounts.load(to.toString()));
    }
    var first = accounts.load(to.toString());
    return new Pair(accounts.load(from.toString()), first);
  }

  private record Pair(Aggregate<Account> from, Aggregate<Account> to) {}
}
