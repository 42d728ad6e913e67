package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.ConsoleBrowser.PageAnswer;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What auditors see in the console: an account's history, a request's trace, the chain. */
class ConsoleAuditTest {
  private static final BankFixture BANK = BankFixture.running();

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);
  private final ConsoleBrowser auditor = ConsoleBrowser.of(BANK, BANK.auditor(tenant));
  private final ConsoleBrowser admin = ConsoleBrowser.of(BANK, BANK.admin(tenant));

  @Test
  void anAccountsHistoryIsWalkedEventByEvent() {
    String account = teller.openAccount();
    teller.deposit(account, "10.00").expect(200);
    Answer frozen = teller.freeze(account).expect(200);
    teller.getAfter(frozen, "/v1/accounts/" + account).expect(200);
    String path = "/console/accounts/%s/history".formatted(account);
    assertThat(auditor.get(path).expect(200).html())
        .contains("type=\"range\"", "max=\"2\"", "account-frozen", "rel=\"prev\"")
        .doesNotContain("rel=\"next\"");
    assertThat(auditor.get(path + "/moment?event=1", "HX-Request", "true").expect(200).html())
        .contains(">money-deposited<", "10.00 EUR", "event=2", "event=0")
        .doesNotContain("<html");
    assertThat(auditor.get(path + "?event=99").expect(200).html()).contains("account-frozen");
    auditor.get(path + "?event=x").expect(400);
    ConsoleBrowser.of(BANK, teller).get(path).expect(403);
    ConsoleBrowser.of(BANK, BANK.auditor(BANK.newTenant())).get(path).expect(404);
  }

  @Test
  void aTraceLeadsFromTheRequestToTheReadModels() {
    String from = teller.openAccount();
    String to = teller.openAccount();
    teller.deposit(from, "10.00").expect(200);
    Answer sent = teller.transfer("rent-january", from, to, "4.00").expect(201);
    BANK.auditor(tenant).getAfter(sent, "/v1/ledger/trial-balance").expect(200);
    String path = "/console/events/%d/trace".formatted(sent.position());
    assertThat(auditor.get("/console/events?stream=" + to).expect(200).html()).contains(path);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !auditor.get(path).expect(200).html().contains("not yet"));
    assertThat(auditor.get(path).html())
        .contains("rent-january", "transfer-sent", "transfer-received", "journal")
        .contains(sent.header("Kontor-Correlation-Id"))
        .doesNotContain("money-deposited");
    ConsoleBrowser.of(BANK, BANK.auditor(BANK.newTenant())).get(path).expect(404);
    ConsoleBrowser.of(BANK, teller).get(path).expect(403);
  }

  @Test
  void anAdminDiscardsADeadLetterWithAReason() {
    ParkedDeposit parked = ParkedDeposit.in(BANK);
    var mine = ConsoleBrowser.of(BANK, BANK.admin(parked.tenant()));
    String path = "/console/read-models/accounts/dead-letters";
    String letter = path + "/" + parked.id();
    assertThat(mine.get(path).expect(200).html()).contains(letter, "money-deposited");
    PageAnswer page = mine.get(letter).expect(200);
    assertThat(page.html()).contains("&quot;12.50&quot;", "/retry\"", "name=\"reason\"");
    assertThat(
            ConsoleBrowser.of(BANK, BANK.auditor(parked.tenant())).get(letter).expect(200).html())
        .doesNotContain("/retry\"", "name=\"reason\"");
    admin.get(letter).expect(404);
    parked.mend();
    mine.submit(page, letter + "/discard", Map.of("reason", "booked by hand")).expect(302);
    parked.awaitNone();
    assertThat(parked.discarded()).containsExactly("adam: booked by hand");
    assertThat(mine.get(path).expect(200).html()).contains("took every event");
  }

  @Test
  void anAdminHasDeadLettersTriedAgainOnceTheirCauseIsMended() {
    ParkedDeposit parked = ParkedDeposit.in(BANK);
    var mine = ConsoleBrowser.of(BANK, BANK.admin(parked.tenant()));
    String path = "/console/read-models/accounts/dead-letters";
    PageAnswer page = mine.get(path).expect(200);
    parked.mend();
    mine.submit(page, path + "/retry", Map.of()).expect(302);
    parked.awaitNone();
    parked.awaitBalance("14.00");
  }

  @Test
  void theChainIsVerifiedOnDemand() {
    teller.deposit(teller.openAccount(), "10.00").expect(200);
    String path = "/console/integrity";
    PageAnswer page = admin.get(path).expect(200);
    assertThat(page.html()).contains("The chain was not verified yet.");
    String job = admin.submit(page, path, Map.of()).expect(302).location();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> admin.get(job + "/progress").expect(200).html().contains(">completed<"));
    assertThat(auditor.get(path).expect(200).html())
        .contains("Each event is as it was stored.", ">2<", tenant + ":", "adam")
        .doesNotContain("Verify now");
    ConsoleBrowser.of(BANK, teller).get(path).expect(403);
  }
}
