package io.kontor.projections;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.AccountFrozen;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.AccountUnfrozen;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;

/** Generates random events of a bank, the same for the same seed. */
public final class ProjectionFixture {
  public static final Currency EUR = Currency.getInstance("EUR");

  private final TenantId tenant;
  private final Random random;
  private final List<AccountId> accounts = new ArrayList<>();
  private final Map<AccountId, Long> balances = new HashMap<>();
  private final Map<AccountId, Long> versions = new HashMap<>();
  private final List<DomainEventMessage<?>> events = new ArrayList<>();

  public ProjectionFixture(String tenant, long seed) {
    this.tenant = new TenantId(tenant);
    this.random = new Random(seed);
  }

  public List<DomainEventMessage<?>> events() {
    return events;
  }

  public AccountId open() {
    var account = new AccountId(tenant, id());
    accounts.add(account);
    balances.put(account, 0L);
    record(
        new AccountOpened(account, "cust-1", SealedText.inTheClear("cust-1", "Ada"), EUR, euro(0)));
    return account;
  }

  public void deposit(AccountId account, long amount) {
    long balance = balances.merge(account, amount, Long::sum);
    record(new MoneyDeposited(account, id(), euro(amount), euro(balance), "in"));
  }

  public void transfer(AccountId from, AccountId to, long amount) {
    UUID transfer = id();
    UUID entry = id();
    Money left = euro(balances.merge(from, -amount, Long::sum));
    Money received = euro(balances.merge(to, amount, Long::sum));
    record(new TransferSent(from, transfer, entry, to, euro(amount), left, received, "t"));
    record(new TransferReceived(to, transfer, entry, from, euro(amount), received, "t"));
  }

  /** Random movements of money between the open accounts, each of one event or more. */
  public void move(int times) {
    for (int i = 0; i < times; i++) {
      AccountId account = accounts.get(random.nextInt(accounts.size()));
      long amount = 1L + random.nextInt(1000);
      switch (random.nextInt(6)) {
        case 0 -> deposit(account, amount);
        case 1 -> {
          Money left = euro(balances.merge(account, -amount, Long::sum));
          record(new MoneyWithdrawn(account, id(), euro(amount), left, "out"));
        }
        case 2 -> record(new HoldPlaced(account, id(), euro(amount), euro(amount), "hold", null));
        case 3 -> {
          Money left = euro(balances.merge(account, -amount, Long::sum));
          record(
              new HoldCaptured(
                  account, id(), id(), euro(amount), euro(0), left, euro(0), "capture"));
        }
        case 4 ->
            record(
                random.nextBoolean()
                    ? new AccountFrozen(account, "r")
                    : new AccountUnfrozen(account, "r"));
        default -> {
          AccountId other = accounts.get(random.nextInt(accounts.size()));
          if (other.equals(account)) {
            deposit(account, amount);
          } else {
            transfer(account, other, amount);
          }
        }
      }
    }
  }

  private void record(AccountEvent event) {
    long version = versions.merge(event.account(), 1L, Long::sum) - 1;
    events.add(
        new GenericDomainEventMessage<>(
            "Account",
            event.account().toString(),
            version,
            event,
            MetaData.with(TenantMessageInterceptor.KEY, tenant.value())));
  }

  private UUID id() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private static Money euro(long cents) {
    return new Money(cents, EUR);
  }
}
