package io.kontor.benchmarks;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.endofday.AccountTerms;
import io.kontor.api.endofday.ConditionsId;
import io.kontor.api.endofday.ConditionsSet;
import io.kontor.api.money.Money;
import io.kontor.eventstore.archive.ChainedEventWriter;
import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.read.EventReader;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.StreamId;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * A random history of one tenant's accounts, written to an event store as any other store's events
 * are.
 */
final class GeneratedHistory {
  private static final int BATCH = 5_000;
  private static final long EACH_HAS = 100_000_000;
  private static final String METADATA =
      "{\"actor\":\"bench\",\"correlationId\":\"0198c0de-0000-7000-8000-000000000001\"}";

  private final Serializer serializer;
  private final int size;
  private final InstantSource clock;
  private final Random random = new Random(1);
  private final List<AccountId> accounts = new ArrayList<>();
  private final long[] balances;
  private final long[] versions;
  private final List<StoredEvent> batch = new ArrayList<>();
  private Sha256 last = EventChain.START;
  private @Nullable AccountTerms terms;

  /**
   * @param size how many accounts it opens, before all else
   */
  GeneratedHistory(Serializer serializer, int size) {
    this(serializer, size, InstantSource.system());
  }

  /**
   * @param clock when the events happen
   */
  GeneratedHistory(Serializer serializer, int size, InstantSource clock) {
    this.serializer = serializer;
    this.size = size;
    this.clock = clock;
    balances = new long[size];
    versions = new long[size];
  }

  List<AccountId> accounts() {
    return accounts;
  }

  /** Has the history begin with the conditions of all accounts. */
  GeneratedHistory with(AccountTerms conditions) {
    terms = conditions;
    return this;
  }

  private void setConditions(AccountTerms wanted) {
    var conditions = ConditionsId.of(BenchmarkBank.ACME, BenchmarkBank.EUR);
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    add(
        new StreamId(BenchmarkBank.ACME, conditions.uuid()),
        0,
        "Conditions",
        0,
        new ConditionsSet(conditions, null, BenchmarkBank.EUR, today, wanted));
  }

  /** Appends {@code events} events, or one more. */
  void write(DataSource worker, int events) throws SQLException {
    last =
        new EventReader(worker)
            .heads(BenchmarkBank.ACME, Long.MAX_VALUE)
            .getOrDefault(BenchmarkBank.ACME.value(), EventChain.START);
    if (terms != null) {
      setConditions(terms);
    }
    try (var writer = new ChainedEventWriter(worker, List.of());
        var progress = BenchmarkProgress.bar("history", events)) {
      for (long written = 0; written < events; written += append(writer)) {
        progress.reached(written);
        while (batch.size() < Math.min(BATCH, events - written)) {
          if (accounts.size() < size) {
            open();
          } else {
            move();
          }
        }
      }
    }
  }

  private int append(ChainedEventWriter writer) throws SQLException {
    writer.append(batch);
    int appended = batch.size();
    batch.clear();
    return appended;
  }

  private void open() {
    var account = new AccountId(BenchmarkBank.ACME, IdGenerator.next());
    int n = accounts.size();
    accounts.add(account);
    var owner = SealedText.inTheClear("cust-" + n, "Ada Lovelace");
    add(n, 0, new AccountOpened(account, "cust-" + n, owner, BenchmarkBank.EUR, euro(0)));
    balances[n] = EACH_HAS;
    add(
        n,
        0,
        new MoneyDeposited(account, IdGenerator.next(), euro(EACH_HAS), euro(EACH_HAS), "salary"));
  }

  private void move() {
    int n = random.nextInt(size);
    AccountId account = accounts.get(n);
    long amount = 1L + random.nextInt(10_000);
    switch (random.nextInt(10)) {
      case 0 -> {
        balances[n] -= amount;
        add(
            n,
            0,
            new MoneyWithdrawn(
                account, IdGenerator.next(), euro(amount), euro(balances[n]), "cash"));
      }
      case 1 ->
          add(
              n,
              0,
              new HoldPlaced(
                  account, IdGenerator.next(), euro(amount), euro(amount), "hotel", null));
      case 2, 3 -> transfer(n, (n + 1 + random.nextInt(size - 1)) % size, amount);
      default -> {
        balances[n] += amount;
        add(
            n,
            0,
            new MoneyDeposited(
                account, IdGenerator.next(), euro(amount), euro(balances[n]), "salary"));
      }
    }
  }

  private void transfer(int from, int to, long amount) {
    balances[from] -= amount;
    balances[to] += amount;
    UUID transfer = IdGenerator.next();
    UUID entry = IdGenerator.next();
    Money left = euro(balances[from]);
    Money received = euro(balances[to]);
    AccountId payer = accounts.get(from);
    AccountId payee = accounts.get(to);
    add(
        from,
        1,
        new TransferSent(payer, transfer, entry, payee, euro(amount), left, received, "rent"));
    add(to, 0, new TransferReceived(payee, transfer, entry, payer, euro(amount), received, "rent"));
  }

  private void add(int account, int rest, AccountEvent event) {
    var stream = new StreamId(BenchmarkBank.ACME, accounts.get(account).uuid());
    add(stream, versions[account]++, "Account", rest, event);
  }

  private void add(StreamId stream, long version, String aggregate, int rest, Object event) {
    SerializedObject<String> payload = serializer.serialize(event, String.class);
    var stored =
        new StoredEvent(
            0,
            stream,
            version,
            aggregate,
            UUID.randomUUID(),
            payload.getType().getName(),
            payload.getType().getRevision(),
            clock.instant().truncatedTo(ChronoUnit.MICROS),
            rest,
            payload.getData(),
            METADATA,
            last);
    last = EventChain.next(last, stored);
    batch.add(stored.chained(last));
  }

  private static Money euro(long cents) {
    return new Money(cents, BenchmarkBank.EUR);
  }
}
