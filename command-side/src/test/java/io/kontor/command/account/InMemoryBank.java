package io.kontor.command.account;

import io.kontor.api.account.AccountCommand;
import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult;
import io.kontor.api.money.Money;
import io.kontor.api.transfer.TransferMoney;
import io.kontor.personaldata.SealedText;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

/** The accounts on Axon's command bus and in-memory event store. */
final class InMemoryBank implements AutoCloseable {
  private final Configuration axon;

  InMemoryBank() {
    var configurer =
        DefaultConfigurer.defaultConfiguration(false)
            .configureSerializer(c -> Jackson3Serializer.builder().build())
            .configureAggregate(AggregateConfigurer.defaultConfiguration(Account.class))
            .registerCommandHandler(c -> new TransferCommandHandler(c.repository(Account.class)))
            .configureEmbeddedEventStore(c -> new InMemoryEventStorageEngine());
    configurer.onInitialize(
        c -> c.commandBus().registerHandlerInterceptor(AccountConfiguration.UNKNOWN));
    axon = configurer.start();
  }

  /** Opens an account with {@code balance} on it. */
  AccountId open(AccountId id, Money balance, Money overdraftLimit) {
    send(
        new AccountCommand.OpenAccount(
            id,
            "cust-42",
            SealedText.inTheClear("cust-42", "Ada Lovelace"),
            balance.currency(),
            overdraftLimit));
    if (balance.isPositive()) {
      send(new AccountCommand.Deposit(id, id.uuid(), balance, "opening"));
    }
    return id;
  }

  AccountResult send(AccountCommand command) {
    return gateway().sendAndWait(command);
  }

  TransferMoney.Booked send(TransferMoney transfer) {
    return gateway().sendAndWait(transfer);
  }

  TransferMoney.Booked send(TransferMoney transfer, Map<String, ?> metadata) {
    return gateway().sendAndWait(new GenericCommandMessage<>(transfer, metadata));
  }

  List<AccountEvent> events(AccountId account) {
    return axon.eventStore()
        .readEvents(account.toString())
        .asStream()
        .map(event -> (AccountEvent) event.getPayload())
        .toList();
  }

  @Override
  public void close() {
    axon.shutdown();
  }

  private CommandGateway gateway() {
    return axon.commandGateway();
  }
}
