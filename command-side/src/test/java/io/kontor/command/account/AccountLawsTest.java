package io.kontor.command.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.RejectedException;
import io.kontor.api.account.AccountCommand;
import io.kontor.api.account.AccountCommand.CancelHold;
import io.kontor.api.account.AccountCommand.CaptureHold;
import io.kontor.api.account.AccountCommand.ChangeOverdraftLimit;
import io.kontor.api.account.AccountCommand.CloseAccount;
import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountCommand.Freeze;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountCommand.RefundCapture;
import io.kontor.api.account.AccountCommand.ReleaseHold;
import io.kontor.api.account.AccountCommand.Unfreeze;
import io.kontor.api.account.AccountCommand.Withdraw;
import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountResult.Balance;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.money.Money;
import io.kontor.api.transfer.TransferMoney;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;

/** Invariants of two accounts under any sequence of commands. */
@Tag("fast")
class AccountLawsTest {
  private static final AccountId ONE = AccountId.parse("acme/01900000-0000-7000-8000-00000000000a");
  private static final AccountId TWO = AccountId.parse("acme/01900000-0000-7000-8000-00000000000b");

  @Property(tries = 100)
  void theBooksAddUpAfterAnySequenceOfCommands(@ForAll("steps") List<Object> steps) {
    try (var bank = new InMemoryBank()) {
      bank.open(ONE, eur(100), eur(50));
      bank.open(TWO, eur(0), eur(0));
      for (Object step : steps) {
        int before = bank.events(ONE).size() + bank.events(TWO).size();
        try {
          Object answer = ask(bank, step);
          assertThat(new Books(bank.events(ONE)).areInOrder()).isTrue();
          assertThat(new Books(bank.events(TWO)).areInOrder()).isTrue();
          if (answer instanceof Balance balance) {
            var books = new Books(bank.events(((AccountCommand) step).account()));
            assertThat(balance.balance()).isEqualTo(eur(books.balance));
            assertThat(balance.available()).isEqualTo(eur(books.available()));
            assertThat(balance.version()).isEqualTo(books.version);
          }
        } catch (RejectedException refused) {
          assertThat(bank.events(ONE).size() + bank.events(TWO).size()).isEqualTo(before);
        }
      }
    }
  }

  private static Object ask(InMemoryBank bank, Object step) {
    return step instanceof TransferMoney transfer
        ? bank.send(transfer)
        : bank.send((AccountCommand) step);
  }

  @Provide
  Arbitrary<List<Object>> steps() {
    var account = Arbitraries.of(ONE, TWO);
    var amount = Arbitraries.longs().between(1, 120).map(AccountLawsTest::eur);
    var id = Arbitraries.longs().between(1, 6).map(n -> new UUID(7, n));
    Arbitrary<Object> deposit =
        account.flatMap(a -> amount.map(m -> new Deposit(a, UUID.randomUUID(), m, "")));
    Arbitrary<Object> withdraw =
        account.flatMap(a -> amount.map(m -> new Withdraw(a, UUID.randomUUID(), m, "")));
    Arbitrary<Object> hold =
        account.flatMap(a -> amount.flatMap(m -> id.map(h -> new PlaceHold(a, h, m, "", null))));
    Arbitrary<Object> capture =
        account.flatMap(
            a ->
                amount
                    .injectNull(0.3)
                    .flatMap(m -> id.map(h -> new CaptureHold(a, h, UUID.randomUUID(), m))));
    Arbitrary<Object> release =
        account.flatMap(
            a ->
                id.flatMap(
                    h ->
                        Arbitraries.of(HoldReleaseReason.class)
                            .map(r -> new ReleaseHold(a, h, r))));
    Arbitrary<Object> cancel = account.flatMap(a -> id.map(h -> new CancelHold(a, h)));
    Arbitrary<Object> refund =
        account.flatMap(a -> id.map(h -> new RefundCapture(a, h, UUID.randomUUID())));
    Arbitrary<Object> limit = account.flatMap(a -> amount.map(m -> new ChangeOverdraftLimit(a, m)));
    Arbitrary<Object> status =
        account.flatMap(
            a -> Arbitraries.of(new Freeze(a, "x"), new Unfreeze(a, "x"), new CloseAccount(a)));
    Arbitrary<Object> transfer =
        Arbitraries.of(true, false)
            .flatMap(there -> amount.map(m -> transfer(there ? ONE : TWO, there ? TWO : ONE, m)));
    return Arbitraries.frequencyOf(
            Tuple.of(3, deposit),
            Tuple.of(3, withdraw),
            Tuple.of(4, hold),
            Tuple.of(4, capture),
            Tuple.of(3, release),
            Tuple.of(2, cancel),
            Tuple.of(3, refund),
            Tuple.of(2, limit),
            Tuple.of(1, status),
            Tuple.of(4, transfer))
        .list()
        .ofMaxSize(60);
  }

  private static TransferMoney transfer(AccountId from, AccountId to, Money amount) {
    return new TransferMoney(UUID.randomUUID(), UUID.randomUUID(), from, to, amount, "", null);
  }

  private static Money eur(long cents) {
    return new Money(cents, Money.currencyOf("EUR"));
  }

  /** An account computed from the amounts that moved, never from the balances in events. */
  private static final class Books {
    private final Map<UUID, Long> holds = new HashMap<>();
    private final Map<UUID, Long> captures = new HashMap<>();
    private final Set<UUID> ended = new HashSet<>();
    private final long version;
    private long balance;
    private long limit;
    private long reportedBalance;
    private long toldHeld;

    Books(List<AccountEvent> events) {
      version = events.size() - 1L;
      events.forEach(this::book);
    }

    long available() {
      return balance + limit - held();
    }

    boolean areInOrder() {
      return balance == reportedBalance && held() == toldHeld && available() >= 0;
    }

    private long held() {
      return holds.values().stream().mapToLong(Long::longValue).sum();
    }

    private void book(AccountEvent event) {
      switch (event) {
        case AccountEvent.AccountOpened e -> limit = cents(e.overdraftLimit());
        case AccountEvent.MoneyDeposited e -> move(cents(e.amount()), e.balance());
        case AccountEvent.MoneyWithdrawn e -> move(-cents(e.amount()), e.balance());
        case AccountEvent.TransferSent e -> move(-cents(e.amount()), e.balance());
        case AccountEvent.TransferReceived e -> move(cents(e.amount()), e.balance());
        case AccountEvent.HoldPlaced e -> {
          assertThat(ended).doesNotContain(e.hold());
          assertThat(holds.put(e.hold(), cents(e.amount()))).isNull();
          toldHeld = cents(e.held());
        }
        case AccountEvent.HoldCaptured e -> {
          assertThat(holds.remove(e.hold())).isEqualTo(cents(e.amount()) + cents(e.released()));
          captures.put(e.hold(), cents(e.amount()));
          move(-cents(e.amount()), e.balance());
          toldHeld = cents(e.held());
        }
        case AccountEvent.CaptureRefunded e -> {
          assertThat(captures.remove(e.hold())).isEqualTo(cents(e.amount()));
          move(cents(e.amount()), e.balance());
        }
        case AccountEvent.MoneyReturned e -> move(cents(e.amount()), e.balance());
        case AccountEvent.InterestBooked e -> move(cents(e.amount()), e.balance());
        case AccountEvent.FeeBooked e -> move(-cents(e.amount()), e.balance());
        case AccountEvent.HoldReleased e -> {
          assertThat(ended.add(e.hold())).isTrue();
          Long held = holds.remove(e.hold());
          assertThat(held == null ? 0 : held).isEqualTo(cents(e.amount()));
          toldHeld = cents(e.held());
        }
        case AccountEvent.OverdraftLimitChanged e -> limit = cents(e.overdraftLimit());
        case AccountEvent.AccountClosed _ -> {
          assertThat(balance).isZero();
          assertThat(holds).isEmpty();
        }
        case AccountEvent.AccountFrozen _, AccountEvent.AccountUnfrozen _ -> {}
      }
    }

    private void move(long amount, Money reported) {
      balance += amount;
      reportedBalance = cents(reported);
    }

    private static long cents(Money money) {
      return money.minorUnits();
    }
  }
}
