package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking at events from the command line, while the bank runs. */
class EventToolsTest {
  private final BankFixture bank = BankFixture.running();
  private final Tools tools = new Tools(bank.folder());

  @Test
  void aStreamIsShownAsItsHistory() {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    teller.deposit(account, "12.50").expect(200);

    var history = tools.run("events", "show", tenant + "/" + account).expect(0).lines();

    assertThat(history).hasSize(2);
    assertThat(history.get(0)).contains("account-opened", "cust-42", "sealed:");
    assertThat(history.get(1)).contains("money-deposited", "12.50");
  }

  @Test
  void theNewestEventsOfATenantAreTold() {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    teller.deposit(account, "1.00").expect(200);
    teller.deposit(account, "2.00").expect(200);

    var newest =
        tools.run("events", "tail", "--no-follow", "-n", "2", "--tenant", tenant).expect(0);

    assertThat(newest.lines()).hasSize(2).allMatch(line -> line.contains(tenant + "/" + account));
    assertThat(newest.lines().getLast()).contains("2.00");
  }

  @Test
  void theChainIsProvedWhileTheBankRunsAndItsHeadKept(@TempDir Path elsewhere) {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    Path heads = elsewhere.resolve("heads");
    var first = tools.run("verify", "--chain", "--save-heads", heads.toString()).expect(0);
    assertThat(first.lines())
        .anyMatch(line -> line.matches(tenant + ":[0-9a-f]{64}  1 events, .*"));
    teller.deposit(account, "1.00").expect(200);

    tools.run("verify", "--chain", "--heads", heads.toString()).expect(0);

    String never = tenant + ":" + "00".repeat(32);
    assertThat(tools.run("verify", "--chain", "--head", never).expect(1).out())
        .contains("tenant " + tenant, "00".repeat(32));
    assertThat(tools.run("verify", "--chain", "--head", "acme").expect(2).err())
        .startsWith("kontor: a head is <tenant>:");
  }

  @Test
  void aTenantMovesToAnotherBankAndItsKeysWhenAskedFor(@TempDir Path elsewhere) {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    teller.deposit(account, "12.50").expect(200);
    String file = elsewhere.resolve("tenant.ndjson.gz").toString();
    String keys = elsewhere.resolve("keys").toString();

    var written = tools.run("events", "export", file, "--tenant", tenant, "--keys", keys).expect(0);
    assertThat(tools.run("events", "export", file).expect(2).err())
        .isEqualTo("kontor: %s exists%n".formatted(file));
    assertThat(Path.of(keys)).content().contains("cust-42").hasLineCount(1);

    var other = new Tools(elsewhere.resolve("data"));
    var stored = other.run("events", "import", file, "--keys", keys).expect(0);
    assertThat(stored.lines())
        .startsWith(written.lines().getFirst())
        .last()
        .asString()
        .startsWith("2 stored");
    assertThat(other.run("events", "import", file).expect(0).lines())
        .last()
        .asString()
        .startsWith("0 stored, 2 were there");
    assertThat(other.run("events", "show", tenant + "/" + account).expect(0).lines())
        .isEqualTo(tools.run("events", "show", tenant + "/" + account).expect(0).lines());
    other.run("verify", "--chain").expect(0);

    assertThat(Path.of(keys)).as("the words of the name").content().doesNotContain("\"names\":[]");
    String again = elsewhere.resolve("keys-again").toString();
    String copy = elsewhere.resolve("copy.ndjson.gz").toString();
    other.run("events", "export", copy, "--tenant", tenant, "--keys", again).expect(0);
    assertThat(Path.of(again)).hasSameTextualContentAs(Path.of(keys));
  }

  @Test
  void whatCanNotBeDoneIsSaidInOneLine(@TempDir Path nothing) {
    String unknown = "acme/" + UUID.randomUUID();
    assertThat(tools.run("events", "show", unknown).expect(2).err())
        .isEqualTo("kontor: there is no stream %s%n".formatted(unknown));
    assertThat(tools.run("events", "show", "nonsense").expect(2).err())
        .startsWith("kontor: a stream is named <tenant>/<uuid>, not 'nonsense'")
        .hasLineCount(1);
    assertThat(new Tools(nothing).run("events", "show", unknown).expect(2).err())
        .startsWith("kontor: there is no bank in " + nothing)
        .hasLineCount(1);
  }
}
