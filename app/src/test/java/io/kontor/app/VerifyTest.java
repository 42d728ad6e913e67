package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.app.Tools.Outcome;
import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.SharedPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Everything that {@code kontor verify} is for: each kind of damage is found and named. */
@Tag("system")
class VerifyTest {
  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void aRunningBankIsProvedAndEveryDamageIsFoundAndNamed() throws Exception {
    var tools = new Tools(folder.resolve("data"));
    String from;
    String to;
    Instant before;
    try (var bank = BankProcess.start(folder)) {
      bank.anyone().operator().registerTenant("initech");
      BankClient teller = bank.anyone().teller("initech");
      from = teller.openAccount();
      to = teller.openAccount();
      teller.deposit(from, "100.00").expect(200);
      before = Instant.now();
      teller.transfer(from, to, "12.50").expect(201);
      var goingOn = new AtomicBoolean(true);
      Thread writer =
          Thread.startVirtualThread(
              () -> {
                while (goingOn.get()) {
                  teller.transfer(from, to, "0.01").expect(201);
                }
              });
      tools.run("verify").expect(0);
      goingOn.set(false);
      writer.join();
      bank.askToStop();
      bank.exitCode();
    }
    try (var postgres = SharedPostgres.of(folder.resolve("data"))) {
      findEveryDamage(tools, postgres.dataSource(DatabaseLogin.OWNER), from, to, before);
    }
  }

  private static void findEveryDamage(
      Tools tools, DataSource owner, String from, String to, Instant before) throws SQLException {
    assertThat(tools.run("balance", "initech/" + from, "--at", before.toString()).expect(0).out())
        .startsWith("100.00 EUR after 2 events");
    assertThat(tools.run("verify").expect(0).lines()).endsWith("all is well");

    damage(
        owner,
        "set local kontor.tenant = 'initech'; update kontor.account set balance = balance + 1 where account_id = '%s'"
            .formatted(to));
    assertFound(tools, "projection accounts, tenant initech, account " + to, "balance is");
    damage(
        owner,
        "set local kontor.tenant = 'initech'; update kontor.account set balance = balance - 1 where account_id = '%s'"
            .formatted(to));
    tools.run("verify").expect(0);

    damage(
        owner,
        "set local kontor.tenant = 'initech'; update kontor.posting set amount = amount + 1 where direction = 'DEBIT' and amount = 1250");
    assertFound(
        tools, "projection journal, tenant initech, posting ", "amount is 1251 and should be 1250");
    assertFound(tools, "tenant initech, journal entry ", "debits exceed credits by 1 EUR");
    damage(
        owner,
        "set local kontor.tenant = 'initech'; update kontor.posting set amount = amount - 1 where amount = 1251");

    damage(
        owner,
        "update kontor.event set payload = replace(payload::text, '12.50', '12.51')::json where position = 4");
    assertFound(tools, "position 4: tenant initech", "was changed");
    assertFound(
        tools,
        "projection transfers, tenant initech, transfer ",
        "amount is 1250 and should be 1251");
    damage(
        owner,
        "update kontor.event set payload = replace(payload::text, '12.51', '12.50')::json where position = 4");
    tools.run("verify").expect(0);

    damage(
        owner,
        """
        insert into kontor.event
        select (select max(position) + 1 from kontor.event), tenant_id, stream_id, 1000000,
          stream_type, gen_random_uuid(), type, revision, recorded_at, 0, payload, metadata, hash
        from kontor.event where position = 3
        """);
    assertFound(tools, "stream initech/" + from, "run from #0 to #1000000");
    assertFound(tools, "position ", "put in");
    damage(owner, "delete from kontor.event where sequence = 1000000");
    tools.run("verify").expect(0);

    damage(owner, "delete from kontor.event where position = 3");
    assertFound(tools, "position 3: event 3 is missing", "");
  }

  private static void assertFound(Tools tools, String where, String what) {
    Outcome outcome = tools.run("verify").expect(1);
    assertThat(outcome.lines())
        .anySatisfy(line -> assertThat(line).startsWith(where).contains(what));
  }

  /** A change with the rights of the tables' owner. */
  private static void damage(DataSource login, String sql) throws SQLException {
    try (var owner = login.getConnection()) {
      owner.setAutoCommit(false);
      var intruder = new JdbcTemplate(new SingleConnectionDataSource(owner, true));
      intruder.execute("alter table kontor.event no force row level security");
      intruder.execute(sql);
      intruder.execute("alter table kontor.event force row level security");
      owner.commit();
    }
  }
}
