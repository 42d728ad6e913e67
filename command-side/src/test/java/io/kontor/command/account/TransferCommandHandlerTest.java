package io.kontor.command.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.CloseAccount;
import io.kontor.api.account.AccountCommand.Freeze;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
import io.kontor.api.transfer.TransferMoney;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class TransferCommandHandlerTest {
  private static final AccountId LOW = AccountId.parse("acme/01900000-0000-7000-8000-00000000000a");
  private static final AccountId HIGH =
      AccountId.parse("acme/01900000-0000-7000-8000-00000000000b");
  private static final UUID TRANSFER = new UUID(7, 1);
  private static final UUID ENTRY = new UUID(7, 2);

  private final InMemoryBank bank = new InMemoryBank();
  private final AccountId from = bank.open(LOW, eur("10.00"), eur("5.00"));
  private final AccountId to = bank.open(HIGH, eur("1.00"), eur("0.00"));

  @AfterEach
  void close() {
    bank.close();
  }

  @Test
  void aTransferIsBookedOnBothAccounts() {
    var booked = bank.send(transfer(from, to, "4.00"));

    assertThat(booked).isEqualTo(new TransferMoney.Booked(TRANSFER, ENTRY, 2, 2));
    assertThat(last(from))
        .isEqualTo(
            new TransferSent(
                from, TRANSFER, ENTRY, to, eur("4.00"), eur("6.00"), eur("5.00"), "rent"));
    assertThat(last(to))
        .isEqualTo(
            new TransferReceived(to, TRANSFER, ENTRY, from, eur("4.00"), eur("5.00"), "rent"));
  }

  @Test
  void aTransferAgainstTheOrderOfTheStreamsIsBookedAlike() {
    bank.send(transfer(to, from, "1.00"));

    assertThat(last(to)).isInstanceOf(TransferSent.class);
    assertThat(last(from)).isInstanceOf(TransferReceived.class);
  }

  @Test
  void aTransferMayUseTheOverdraftLimitToTheCentButNotBeyond() {
    refused(
        transfer(from, to, "15.01"),
        new Rejection.InsufficientFunds(from, eur("15.01"), eur("15.00")));
    bank.send(transfer(from, to, "15.00"));
  }

  @Test
  void moneyThatIsHeldIsNotSent() {
    bank.send(new PlaceHold(from, ENTRY, eur("10.00"), "card", null));
    refused(
        transfer(from, to, "5.01"),
        new Rejection.InsufficientFunds(from, eur("5.01"), eur("5.00")));
  }

  @Test
  void anAccountDoesNotSendToItself() {
    refused(transfer(from, from, "1.00"), new Rejection.SameAccount(from));
  }

  @Test
  void aFrozenAccountNeitherSendsNorReceives() {
    bank.send(new Freeze(to, "court order"));
    refused(transfer(from, to, "1.00"), new Rejection.AccountFrozen(to));
    refused(transfer(to, from, "1.00"), new Rejection.AccountFrozen(to));
  }

  @Test
  void aClosedAccountNeitherSendsNorReceives() {
    bank.send(transfer(to, from, "1.00"));
    bank.send(new CloseAccount(to));
    refused(transfer(from, to, "1.00"), new Rejection.AccountClosed(to));
    refused(transfer(to, from, "1.00"), new Rejection.AccountClosed(to));
  }

  @Test
  void anUnknownAccountNeitherSendsNorReceives() {
    var unknown = AccountId.parse("acme/01900000-0000-7000-8000-00000000000c");
    refused(transfer(from, unknown, "1.00"), new Rejection.Unknown("account"));
    refused(transfer(unknown, from, "1.00"), new Rejection.Unknown("account"));
  }

  @Test
  void currenciesDoNotMix() {
    var dollars =
        bank.open(
            AccountId.parse("acme/01900000-0000-7000-8000-00000000000d"),
            Money.of("9.00", "USD"),
            Money.of("0.00", "USD"));
    refused(
        transfer(from, dollars, "1.00"),
        new Rejection.CurrencyMismatch(dollars, Money.currencyOf("USD"), Money.currencyOf("EUR")));
    refused(
        transfer(dollars, from, "1.00"),
        new Rejection.CurrencyMismatch(dollars, Money.currencyOf("USD"), Money.currencyOf("EUR")));
  }

  @Test
  void aBalanceThatWouldNotFitIsRefused() {
    var full =
        bank.open(
            AccountId.parse("acme/01900000-0000-7000-8000-00000000000e"),
            new Money(Long.MAX_VALUE, Money.currencyOf("EUR")),
            eur("0.00"));
    refused(transfer(from, full, "0.01"), new Rejection.BalanceOutOfRange(full));
  }

  @Test
  void aCustomerSendsFromNoOneElsesAccount() {
    refused(onBehalfOf("cust-43"), new Rejection.Unknown("account"));
    bank.send(onBehalfOf("cust-42"));
  }

  @Test
  void theExpectedVersionIsTheSendersVersion() {
    var stale = catchRejection(() -> bank.send(transfer(from, to, "1.00"), expecting(0)));
    assertThat(stale).isEqualTo(new Rejection.VersionMismatch(0, 1));
    bank.send(transfer(from, to, "1.00"), expecting(1));
  }

  @Test
  void crossingTransfersNeitherDeadlockNorLoseMoney() throws Exception {
    List<Future<TransferMoney.Booked>> sent = new ArrayList<>();
    try (var clients = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 200; i++) {
        var transfer = i % 2 == 0 ? transfer(from, to, "0.01") : transfer(to, from, "0.01");
        sent.add(clients.submit(() -> bank.send(transfer)));
      }
    }
    for (var booked : sent) {
      booked.get();
    }
    assertThat(bank.events(from)).hasSize(202);
    assertThat(bank.events(to)).hasSize(202);
    assertThat(balance(last(from)).plus(balance(last(to)))).isEqualTo(eur("11.00"));
  }

  private void refused(TransferMoney transfer, Rejection reason) {
    int before = everyEvent();
    assertThat(catchRejection(() -> bank.send(transfer))).isEqualTo(reason);
    assertThat(everyEvent()).isEqualTo(before);
  }

  private int everyEvent() {
    return bank.events(from).size() + bank.events(to).size();
  }

  private static @Nullable Rejection catchRejection(Runnable work) {
    return catchThrowableOfType(RejectedException.class, work::run).rejection();
  }

  private AccountEvent last(AccountId account) {
    return bank.events(account).getLast();
  }

  private static Money balance(AccountEvent event) {
    return switch (event) {
      case TransferSent sent -> sent.balance();
      case TransferReceived received -> received.balance();
      default -> throw new AssertionError(event);
    };
  }

  private static Map<String, Long> expecting(long version) {
    return Map.of(MessageMetadata.EXPECTED_VERSION, version);
  }

  private static Money eur(String amount) {
    return Money.of(amount, "EUR");
  }

  private static TransferMoney transfer(AccountId from, AccountId to, String amount) {
    return new TransferMoney(TRANSFER, ENTRY, from, to, eur(amount), "rent", null);
  }

  private TransferMoney onBehalfOf(String customer) {
    return new TransferMoney(TRANSFER, ENTRY, from, to, eur("1.00"), "rent", customer);
  }
}
