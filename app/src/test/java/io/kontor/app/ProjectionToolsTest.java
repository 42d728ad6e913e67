package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Projections from the command line, while the bank runs. */
class ProjectionToolsTest {
  private final BankFixture bank = BankFixture.running();
  private final Tools tools = new Tools(bank.folder());

  @Test
  void projectionsAreListedAndRebuiltBesideTheRunningBank() {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    teller.deposit(account, "12.50").expect(200);

    var list = tools.run("projections", "list").expect(0).lines();
    assertThat(list.getFirst()).startsWith("projection").contains("generation", "lag");
    assertThat(list).anyMatch(line -> line.startsWith("accounts "));

    Tools.Outcome rebuilt =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> tools.run("projections", "rebuild", "accounts", "--tenant", tenant),
                outcome -> !outcome.err().contains("is being rebuilt already"))
            .expect(0);
    assertThat(rebuilt.out()).contains("of accounts for " + tenant + ": done");

    Answer more = teller.deposit(account, "1.00").expect(200);
    assertThat(teller.getAfter(more, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("13.50");
  }

  @Test
  void aReadModelIsShownAsItWas() {
    String tenant = bank.newTenant();
    BankClient teller = bank.teller(tenant);
    String account = teller.openAccount();
    long then = teller.deposit(account, "12.50").expect(200).position();
    teller.deposit(account, "1.00").expect(200);

    var shown =
        tools
            .run(
                "replay",
                "--to",
                Long.toString(then),
                "--projection",
                "accounts",
                "--tenant",
                tenant)
            .expect(0)
            .lines();

    assertThat(shown).hasSize(3);
    assertThat(shown.getFirst()).isEqualTo("# account at position " + then);
    assertThat(shown.getLast()).startsWith(tenant + "," + account).contains(",1250,");
  }

  @Test
  void whatCanNotBeDoneIsSaidInOneLine() {
    assertThat(tools.run("projections", "rebuild", "nonsense").expect(2).err())
        .startsWith("kontor: there is no projection 'nonsense', only accounts, journal")
        .hasLineCount(1);
    assertThat(tools.run("projections", "rebuild", "--tenant", "No").expect(2).err())
        .startsWith("kontor: a tenant id is")
        .hasLineCount(1);
    assertThat(tools.run("replay", "--to", "yesterday").expect(2).err())
        .startsWith("kontor: --to takes a position or a time")
        .hasLineCount(1);
    assertThat(tools.run("replay", "--to", "999999999999").expect(2).err())
        .startsWith("kontor: the last position is")
        .hasLineCount(1);
  }
}
