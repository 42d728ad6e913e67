package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements over HTTP; what stands in them has tests where they are written. */
class StatementsTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String JANUARY = "{'from':'2026-01-01','to':'2026-02-01','format':'%s'}";

  private static final int DAILY_LIMIT = 20;

  private final String tenant = BANK.newTenant();
  private final BankClient customer = BANK.customer(tenant, "cust-1");
  private final String account = openedAccount();
  private final String path = "/v1/accounts/" + account + "/statements";

  @ParameterizedTest
  @CsvSource({
    "CSV, text/csv;charset=UTF-8, csv, account",
    "CAMT053, application/xml, xml, <?xml",
    "PDF, application/pdf, pdf, %PDF"
  })
  void aCustomerAsksForAStatementAndFetchesItsDocument(
      String format, String type, String extension, String begin) {
    Answer asked = customer.post(path, JANUARY.formatted(format)).expect(202);
    String statement = asked.text("id");
    assertThat(asked.header("Location")).isEqualTo(path + "/" + statement);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> customer.get(path + "/" + statement).text("state").equals("READY"));
    Answer document = customer.get(path + "/" + statement + "/document").expect(200);
    assertThat(document.header("Content-Type")).isEqualTo(type);
    assertThat(document.header("Content-Disposition"))
        .isEqualTo(
            "attachment; filename=\"statement-%s-2026-01-01-2026-01-31.%s\""
                .formatted(account, extension));
    assertThat(document.http().body()).startsWith(begin);
    assertThat(customer.get(path + "/" + statement).json().path("bytes").asString())
        .isEqualTo(document.header("Content-Length"));
    assertThat(customer.list(path)).hasSize(1);
  }

  @Test
  void aCustomerAsksForALimitedNumberOfStatementsADay() {
    String statement = JANUARY.formatted("CSV");
    String key = BankClient.newKey();
    customer.post(path, statement, "Idempotency-Key", key).expect(202);
    for (int asked = 1; asked < DAILY_LIMIT; asked++) {
      customer.post(path, statement).expect(202);
    }
    assertThat(customer.post(path, statement).expect(429).slug()).isEqualTo("too-many-statements");
    customer.post(path, statement, "Idempotency-Key", key).expect(202);
    BANK.teller(tenant).post(path, statement).expect(202);
  }

  @Test
  void aStatementIsItsOwnersAndItsTenants() {
    String statement = customer.statement(account);
    for (BankClient other :
        new BankClient[] {
          BANK.customer(tenant, "cust-2"), BANK.customer(BANK.newTenant(), "cust-1")
        }) {
      other.get(path).expect(404);
      other.get(path + "/" + statement).expect(404);
      other.get(path + "/" + statement + "/document").expect(404);
      other.post(path, JANUARY.formatted("PDF")).expect(404);
    }
    BANK.auditor(tenant).get(path + "/" + statement + "/document").expect(200);
    BANK.auditor(tenant).post(path, JANUARY.formatted("PDF")).expect(403);
  }

  @Test
  void aForgottenCustomersStatementIsGone() {
    String statement = customer.statement(account);
    BANK.admin(tenant).send("DELETE", "/v1/admin/data-subjects/cust-1", null).expect(204);
    customer.get(path + "/" + statement).expect(404);
    customer.get(path + "/" + statement + "/document").expect(404);
  }

  @Test
  void aPeriodThatIsNotOverIsRefused() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    String period = "{'from':'2026-01-01','to':'%s','format':'CSV'}";
    assertThat(customer.post(path, period.formatted(today.plusDays(2))).expect(400).pointer())
        .isEqualTo("/to");
    customer.post(path, period.formatted(today)).expect(202);
  }

  @Test
  void theStatementsOfAllAccountsAreAskedForTogether() {
    BankClient admin = BANK.admin(tenant);
    Answer asked = admin.post("/v1/admin/statement-runs", JANUARY.formatted("CSV")).expect(202);
    String run = "/v1/admin/statement-runs/" + asked.text("id");
    assertThat(asked.header("Location")).isEqualTo(run);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> admin.get(run).text("state").equals("READY"));
    assertThat(admin.get(run).json().path("total").asInt())
        .as("accounts that were there in January")
        .isZero();
    BANK.admin(BANK.newTenant()).get(run).expect(404);
  }

  /** It can be read. */
  private String openedAccount() {
    Answer opened = BANK.teller(tenant).open("cust-1", "EUR");
    return customer.getAfter(opened, "/v1/accounts/" + opened.text("id")).expect(200).text("id");
  }
}
