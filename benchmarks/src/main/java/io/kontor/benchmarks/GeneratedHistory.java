package io.kontor.benchmarks;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.IdGenerator;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;

/**
 * A random history, written to the event store as the store itself writes it, except for the hash
 * chain.
 */
final class GeneratedHistory {
  private static final int ACCOUNTS = 10_000;
  private static final int BATCH = 5_000;
  private static final long EACH_HAS = 100_000_000;
  private static final String METADATA =
      "{\"actor\":\"bench\",\"correlationId\":\"0198c0de-0000-7000-8000-000000000001\"}";
  private static final String INSERT =
      """
      insert into kontor.event (position, tenant_id, stream_id, sequence, stream_type, event_id,
        type, revision, recorded_at, unit_rest, payload, metadata, hash)
      values (?, ?, ?, ?, 'Account', ?, ?, ?, now(), ?, ?::json, ?::json, sha256('unchained'))
      """;

  private final Serializer serializer;
  private final Random random = new Random(1);
  private final List<AccountId> accounts = new ArrayList<>();
  private final long[] balances = new long[ACCOUNTS];
  private final long[] versions = new long[ACCOUNTS];
  private long position;
  private int pending;

  GeneratedHistory(Serializer serializer) {
    this.serializer = serializer;
  }

  List<AccountId> accounts() {
    return accounts;
  }

  /** Appends {@code events} events, or one more. */
  void write(DataSource worker, int events) throws SQLException {
    try (Connection connection = worker.getConnection()) {
      connection.setAutoCommit(false);
      try (var head = connection.createStatement();
          var row = head.executeQuery("select coalesce(max(position), 0) from kontor.event")) {
        row.next();
        position = row.getLong(1);
      }
      long end = position + events;
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        while (position < end) {
          if (accounts.size() < ACCOUNTS) {
            open(insert);
          } else {
            move(insert);
          }
        }
        insert.executeBatch();
        connection.commit();
      }
    }
  }

  private void open(PreparedStatement insert) throws SQLException {
    var account = new AccountId(BenchmarkBank.ACME, IdGenerator.next());
    int n = accounts.size();
    accounts.add(account);
    var owner = SealedText.inTheClear("cust-" + n, "Ada Lovelace");
    add(insert, n, 0, new AccountOpened(account, "cust-" + n, owner, BenchmarkBank.EUR, euro(0)));
    balances[n] = EACH_HAS;
    add(
        insert,
        n,
        0,
        new MoneyDeposited(account, IdGenerator.next(), euro(EACH_HAS), euro(EACH_HAS), "salary"));
  }

  private void move(PreparedStatement insert) throws SQLException {
    int n = random.nextInt(ACCOUNTS);
    AccountId account = accounts.get(n);
    long amount = 1L + random.nextInt(10_000);
    switch (random.nextInt(10)) {
      case 0 -> {
        balances[n] -= amount;
        add(
            insert,
            n,
            0,
            new MoneyWithdrawn(
                account, IdGenerator.next(), euro(amount), euro(balances[n]), "cash"));
      }
      case 1 ->
          add(
              insert,
              n,
              0,
              new HoldPlaced(
                  account, IdGenerator.next(), euro(amount), euro(amount), "hotel", null));
      case 2, 3 -> transfer(insert, n, (n + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS, amount);
      default -> {
        balances[n] += amount;
        add(
            insert,
            n,
            0,
            new MoneyDeposited(
                account, IdGenerator.next(), euro(amount), euro(balances[n]), "salary"));
      }
    }
  }

  private void transfer(PreparedStatement insert, int from, int to, long amount)
      throws SQLException {
    balances[from] -= amount;
    balances[to] += amount;
    UUID transfer = IdGenerator.next();
    UUID entry = IdGenerator.next();
    Money left = euro(balances[from]);
    Money received = euro(balances[to]);
    AccountId payer = accounts.get(from);
    AccountId payee = accounts.get(to);
    add(
        insert,
        from,
        1,
        new TransferSent(payer, transfer, entry, payee, euro(amount), left, received, "rent"));
    add(
        insert,
        to,
        0,
        new TransferReceived(payee, transfer, entry, payer, euro(amount), received, "rent"));
  }

  private void add(PreparedStatement insert, int account, int rest, AccountEvent event)
      throws SQLException {
    SerializedObject<String> payload = serializer.serialize(event, String.class);
    insert.setLong(1, ++position);
    insert.setString(2, BenchmarkBank.ACME.value());
    insert.setObject(3, accounts.get(account).uuid());
    insert.setLong(4, versions[account]++);
    insert.setObject(5, UUID.randomUUID());
    insert.setString(6, payload.getType().getName());
    if (payload.getType().getRevision() == null) {
      insert.setNull(7, Types.VARCHAR);
    } else {
      insert.setString(7, payload.getType().getRevision());
    }
    insert.setInt(8, rest);
    insert.setString(9, payload.getData());
    insert.setString(10, METADATA);
    insert.addBatch();
    if (++pending >= BATCH && rest == 0) {
      pending = 0;
      insert.executeBatch();
      insert.getConnection().commit();
    }
  }

  private static Money euro(long cents) {
    return new Money(cents, BenchmarkBank.EUR);
  }
}
