package io.kontor.command.web;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountCommand.OpenAccount;
import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.account.AccountCommand.ShowOwner;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.springframework.boot.SpringApplication;
import org.springframework.jdbc.core.JdbcTemplate;

/** A separate JVM in which many accounts with a thousand holds each are loaded one by one. */
final class BigAccounts {
  private static final TenantId ACME = new TenantId("acme");
  private static final int HOLDS = 1_000;
  private static final Money EURO = Money.of("1.00", "EUR");

  private BigAccounts() {}

  /**
   * @param arguments the number of accounts
   */
  static void main(String[] arguments) throws Exception {
    int accounts = Integer.parseInt(arguments[0]);
    try (var bank =
        SpringApplication.run(
            CommandSideApplication.class,
            "--server.port=0",
            "--kontor.event-store.cache-size=64MB",
            "--axon.axonserver.enabled=false",
            "--axon.timeout.enabled=false")) {
      CommandBus commands = bank.getBean(CommandBus.class);
      var sql = new JdbcTemplate(bank.getBean(TestDatabase.class).worker());
      for (UUID account : copies(sql, bigAccount(commands, sql), accounts)) {
        send(commands, new ShowOwner(new AccountId(ACME, account), null));
      }
      System.out.println("asked " + accounts);
    }
  }

  private static AccountId bigAccount(CommandBus commands, JdbcTemplate sql) throws Exception {
    var id = new AccountId(ACME, IdGenerator.next());
    var owner = SealedText.inTheClear("cust-1", "Ada");
    send(commands, new OpenAccount(id, "cust-1", owner, EURO.currency(), Money.of("0.00", "EUR")));
    send(commands, new Deposit(id, IdGenerator.next(), Money.of("5000.00", "EUR"), "in"));
    List<Callable<Object>> holds = new ArrayList<>();
    for (int n = 0; n < HOLDS; n++) {
      var hold = new PlaceHold(id, IdGenerator.next(), EURO, "%0130d".formatted(n), null);
      holds.add(() -> send(commands, hold));
    }
    try (var threads = Executors.newFixedThreadPool(64)) {
      for (var placed : threads.invokeAll(holds)) {
        placed.get();
      }
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                sql.queryForObject(
                    "select coalesce(max(sequence), 0) from kontor.snapshot", Long.class),
            sequence -> sequence >= HOLDS - 100);
    return id;
  }

  /** Copies of the account that exist as snapshots only. */
  private static List<UUID> copies(JdbcTemplate sql, AccountId original, int count) {
    List<UUID> copies = Stream.generate(IdGenerator::next).limit(count).toList();
    sql.update(
        """
        insert into kontor.snapshot
          (tenant_id, stream_id, sequence, stream_type, type, revision, recorded_at, payload)
        select tenant_id, copy, sequence, stream_type, type, revision, recorded_at,
               replace(payload::text, stream_id::text, copy::text)::json
        from kontor.snapshot, unnest(string_to_array(?, ',')::uuid[]) as copy
        where stream_id = ?
        """,
        copies.stream().map(UUID::toString).collect(joining(",")),
        original.uuid());
    return copies;
  }

  private static Object send(CommandBus commands, Object command) {
    var callback = new FutureCallback<Object, Object>();
    TenantContext.run(
        ACME, () -> commands.dispatch(new GenericCommandMessage<>(command), callback));
    var result = callback.getResult();
    if (result.isExceptional()) {
      throw new IllegalStateException(result.exceptionResult());
    }
    return result.getPayload();
  }
}
