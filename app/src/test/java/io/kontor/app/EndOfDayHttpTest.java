package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Bank days and conditions over HTTP; what is computed has tests where it is. */
class EndOfDayHttpTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final String BANK_DAY = "/v1/admin/bank-day";
  private static final String CONDITIONS =
      "{'from':'2020-01-01','creditRate':'3.65','debitRate':'9.90','dayCount':'ACT_365',"
          + "'fee':{'amount':'2.00','currency':'EUR'},'feeRhythm':'MONTHLY'}";

  private final String tenant = BANK.newTenant();
  private final BankClient admin = BANK.admin(tenant);
  private final BankClient teller = BANK.teller(tenant);

  /** 1,000.00 EUR at 3.65 % earn 10 cents on the last day of the month before, and a fee is due. */
  @Test
  void daysInThePastAreMadeUpAndAMonthIsBooked() {
    String account = teller.openAccount();
    teller.deposit(account, "1000.00").expect(200);
    Answer set = admin.put("/v1/admin/conditions/EUR", CONDITIONS).expect(200);
    admin.getAfter(set, "/v1/admin/conditions/EUR").expect(200);
    teller.getAfter(set, "/v1/accounts/%s/postings".formatted(account)).expect(200);
    teller.getAfter(set, "/v1/accounts/" + account).expect(200);
    happenedLastYear();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    LocalDate monthEnd = today.withDayOfMonth(1).minusDays(1);
    admin.post(BANK_DAY, "{'day':'%s','zone':'UTC'}".formatted(monthEnd)).expect(201);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(admin.get(BANK_DAY).expect(200).json().path("daysBehind").asLong())
                    .isZero());
    JsonNode closed = admin.get(BANK_DAY).json().path("closed");
    assertThat(closed.valueStream().map(day -> LocalDate.parse(day.path("day").asString())))
        .containsExactlyElementsOf(monthEnd.datesUntil(today).toList().reversed());
    assertThat(closed.valueStream().toList().getLast().path("booked").asLong()).isEqualTo(1);
    assertThat(teller.get("/v1/accounts/" + account).json().at("/balance/amount").asString())
        .isEqualTo("998.10");
    assertThat(
            BANK.auditor(tenant)
                .get("/v1/ledger/trial-balance")
                .expect(200)
                .json()
                .at("/0/difference")
                .asString())
        .isEqualTo("0");
  }

  @Test
  void theFirstBankDayIsOpenedOnce() {
    String day = "{'day':'2099-01-31','zone':'Europe/Berlin'}";
    admin.get(BANK_DAY).expect(404);
    admin.post(BANK_DAY + "/end", "").expect(404);
    Answer opened = admin.post(BANK_DAY, day).expect(201);
    assertThat(opened.text("endsAt")).isEqualTo("2099-01-31T23:00:00Z");
    assertThat(admin.post(BANK_DAY, day).expect(409).slug()).isEqualTo("bank-day-open");
    admin.post(BANK_DAY + "/end", "").expect(202);
    assertThat(admin.getAfter(opened, BANK_DAY).expect(200).text("day")).isEqualTo("2099-01-31");
    teller.get(BANK_DAY).expect(403);
  }

  /** The job of the day is cancelled before its turn, as one of a queue that is paused. */
  @Test
  void theToolRunsADayWhoseJobIsGone() {
    var tools = new Tools(BANK.folder());
    LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    pausedBeforeItsFirstJob();
    admin.post(BANK_DAY, "{'day':'%s','zone':'UTC'}".formatted(yesterday)).expect(201);
    await().atMost(SOON).until(() -> !jobs().isEmpty());
    String job = jobs().path(0).path("id").asString();
    admin.post("/v1/admin/jobs/%s/cancel".formatted(job), "").expect(202);
    assertThat(tools.run("end-of-day", "status").expect(0).lines())
        .filteredOn(line -> line.startsWith(tenant + " "))
        .singleElement()
        .asString()
        .contains(yesterday.toString(), "ACCRUAL", "accounts=0");
    admin.post("/v1/admin/jobs/queues/end-of-day/resume", "").expect(204);
    assertThat(tools.run("end-of-day", "run", tenant).expect(0).out())
        .startsWith(yesterday + " closed=")
        .contains("accounts=0 booked=0 owed=0");
    assertThat(tools.run("end-of-day", "days", tenant).expect(0).lines()).hasSize(1);
    assertThat(tools.run("end-of-day", "run", tenant).expect(2).err())
        .contains("the open bank day is not over");
  }

  @Test
  void theToolRefusesATenantWithoutBankDaysAndANumberOfDaysOutOfRange() {
    var tools = new Tools(BANK.folder());
    assertThat(tools.run("end-of-day", "run", tenant).expect(2).err()).contains("has no bank day");
    tools.run("end-of-day", "days", tenant).expect(2);
    tools.run("end-of-day", "days", tenant, "--last", "0").expect(2);
    tools.run("end-of-day", "days", "No Tenant").expect(2);
  }

  private JsonNode jobs() {
    return admin.get("/v1/admin/jobs?type=end-of-day").expect(200).json().path("items");
  }

  private void pausedBeforeItsFirstJob() {
    DataSource worker = BANK.postgres().dataSource(DatabaseLogin.WORKER);
    JdbcClient.create(worker)
        .sql(
            """
            insert into kontor.job_queue (tenant_id, type, paused_by, paused_at)
            values (?, 'end-of-day', 'ann', now())
            """)
        .param(tenant)
        .update();
  }

  @Test
  void anAccountHasItsOwnConditionsBeforeThoseOfItsCurrency() {
    String account = teller.openAccount();
    String path = "/v1/accounts/%s/conditions".formatted(account);
    admin.put("/v1/admin/conditions/EUR", CONDITIONS).expect(200);
    Answer own = teller.put(path, CONDITIONS.replace("3.65", "1.00")).expect(200);
    List<String> rates =
        teller
            .getAfter(own, path)
            .expect(200)
            .json()
            .valueStream()
            .map(found -> found.at("/terms/creditRate").asString())
            .toList();
    assertThat(rates).containsExactly("1.00", "3.65");
    BANK.customer(tenant, "mallory").get(path).expect(404);
    assertThat(teller.put(path, CONDITIONS.replace("EUR", "USD")).expect(422).slug())
        .isEqualTo("currency-mismatch");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "/v1/admin/conditions/EUR | 3.65 | 101 | /creditRate",
        "/v1/admin/conditions/EUR | 9.90 | -1 | /debitRate",
        "/v1/admin/conditions/EUR | 2.00 | -2.00 | /fee",
        "/v1/admin/conditions/EUR | ACT_365 | ACT_364 | /dayCount",
        "/v1/admin/conditions/USD | 2.00 | 2.00 | /fee"
      })
  void whatIsNoConditionIsRefused(String path, String text, String other, String pointer) {
    Answer refused = admin.put(path, CONDITIONS.replace(text, other)).expect(400);
    assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
  }

  @ParameterizedTest
  @CsvSource({"2020-01-01, UTC, /day", "2099-01-31, Atlantis, /zone"})
  void whatIsNoFirstDayIsRefused(String day, String zone, String pointer) {
    Answer refused =
        admin.post(BANK_DAY, "{'day':'%s','zone':'%s'}".formatted(day, zone)).expect(400);
    assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
  }

  /** Dates what the read models have of the tenant back, since events are dated by the database. */
  private void happenedLastYear() {
    DataSource worker = BANK.postgres().dataSource(DatabaseLogin.WORKER);
    TenantContext.run(
        new TenantId(tenant),
        () ->
            new TenantTransactions(worker)
                .write(
                    () -> {
                      JdbcClient sql = JdbcClient.create(worker);
                      sql.sql("update kontor.account set opened_at = opened_at - interval '1 year'")
                          .update();
                      sql.sql("update kontor.posting set booked_at = booked_at - interval '1 year'")
                          .update();
                      return sql.sql(
                              "update kontor.conditions set set_at = set_at - interval '1 year'")
                          .update();
                    }));
  }
}
