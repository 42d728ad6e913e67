package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import org.junit.jupiter.api.Test;

/** Lists of the bank as files. */
class ReportsTest {
  private static final BankFixture BANK = BankFixture.running();

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);

  @Test
  void theTrialBalanceIsTheOneThatIsReadAsJson() {
    String account = teller.openAccount();
    Answer deposited = teller.deposit(account, "12.50").expect(200);
    Answer report =
        BANK.auditor(tenant).getAfter(deposited, "/v1/reports/trial-balance").expect(200);
    assertThat(report.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
    assertThat(report.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"trial-balance.csv\"");
    assertThat(report.http().body())
        .isEqualTo("currency,debits,credits,difference\r\nEUR,12.50,12.50,0\r\n");
  }

  @Test
  void theAccountsAreThoseThatTheCallerSees() {
    String own = teller.openAccount("cust-1", "EUR");
    Answer other = teller.open("cust-2", "JPY");
    Answer all = teller.getAfter(other, "/v1/reports/accounts").expect(200);
    assertThat(all.http().body().lines().skip(1))
        .hasSize(2)
        .anyMatch(row -> row.startsWith(own + ",cust-1,Ada Lovelace,EUR,OPEN,0.00,0.00,0.00,0.00,"))
        .anyMatch(
            row -> row.startsWith(other.text("id") + ",cust-2,Ada Lovelace,JPY,OPEN,0,0,0,0,"));
    BankClient customer = BANK.customer(tenant, "cust-1");
    assertThat(customer.get("/v1/reports/accounts").http().body())
        .contains(own)
        .doesNotContain("JPY");
    assertThat(customer.get("/v1/reports/accounts?customer=cust-2").http().body().lines())
        .hasSize(1);
    assertThat(teller.get("/v1/reports/accounts?customer=cust-2").http().body().lines()).hasSize(2);
    assertThat(BANK.auditor(BANK.newTenant()).get("/v1/reports/accounts").http().body().lines())
        .as("of another tenant")
        .hasSize(1);
  }

  @Test
  void aReportIsAWorkbookIfOneAsksForIt() {
    Answer report = teller.get("/v1/reports/accounts?format=XLSX").expect(200);
    assertThat(report.header("Content-Type"))
        .isEqualTo("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assertThat(report.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"accounts.xlsx\"");
    assertThat(report.http().body()).startsWith("PK");
  }
}
