package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Standing orders over HTTP, executed by jobs; their dates have tests where they are computed. */
class StandingOrdersTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String PATH = "/v1/standing-orders";

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);
  private final BankClient customer = BANK.customer(tenant, "cust-42");
  private final String from = teller.openAccount();
  private final String to = teller.openAccount();

  @Test
  void anOrderThatIsDueTodayIsTransferredByItsJob() {
    teller.deposit(from, "10.00").expect(200);
    Answer created = customer.post(PATH, today()).expect(201);
    String path = PATH + "/" + created.text("id");
    assertThat(created.header("Location")).isEqualTo(path);
    JsonNode executed = executed(path);
    assertThat(executed.path("valueDate").asString()).isEqualTo(date().toString());
    String transfer = "/v1/transfers/" + executed.path("transfer").asString();
    assertThat(customer.get(transfer).expect(200).text("reference")).isEqualTo("rent");
    JsonNode order = customer.get(path).json();
    assertThat(order.at("/next/dueDate").asString()).isNotEqualTo(date().toString());
    assertThat(customer.list(PATH + "?account=" + from + "&status=ACTIVE")).hasSize(1);
  }

  @Test
  void oneToAnotherBankBecomesAPayment() {
    teller.deposit(from, "10.00").expect(200);
    String body =
        today()
            .replace(
                "'to':'%s'".formatted(to),
                "'creditor':{'name':'Grace Hopper','iban':'DE89370400440532013000'}");
    String path = PATH + "/" + customer.post(PATH, body).expect(201).text("id");
    String payment = executed(path).path("payment").asString();
    await()
        .atMost(SOON)
        .until(() -> customer.get("/v1/payments/" + payment).text("status").equals("SETTLED"));
    assertThat(customer.get(path).json().at("/creditor/name").asString()).isEqualTo("Grace Hopper");
  }

  @Test
  void theFirstTenDatesCanBeAskedForBeforehand() {
    Answer dates =
        customer.send(
            "POST", PATH + "?preview", BankClient.standingOrderBody(from, to, "2099-01-31"));
    assertThat(dates.expect(200).json().path("executions")).hasSize(10);
    // a Saturday
    assertThat(dates.json().at("/executions/0/dueDate").asString()).isEqualTo("2099-01-31");
    assertThat(dates.json().at("/executions/0/valueDate").asString()).isEqualTo("2099-02-02");
    assertThat(customer.list(PATH)).isEmpty();
  }

  @Test
  void itIsPausedResumedAndCancelled() {
    String path = PATH + "/" + customer.createStandingOrder(from, to).expect(201).text("id");
    assertThat(customer.post(path + "/pause", "").expect(200).text("status")).isEqualTo("PAUSED");
    assertThat(customer.post(path + "/resume", "").expect(200).text("nextDate"))
        .isEqualTo("2099-02-02");
    customer.post(path + "/cancel", "").expect(200);
    assertThat(customer.post(path + "/resume", "").expect(409).slug())
        .isEqualTo("standing-order-ended");
  }

  @Test
  void anotherCustomersOrderIsUnknown() {
    String path = PATH + "/" + customer.createStandingOrder(from, to).expect(201).text("id");
    BankClient stranger = BANK.customer(tenant, "mallory");
    for (String change : List.of("/pause", "/resume", "/cancel")) {
      stranger.post(path + change, "").expect(404);
    }
    stranger.get(path).expect(404);
    stranger.createStandingOrder(from, to).expect(404);
    assertThat(stranger.list(PATH)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'first':'2099-01-31' | 'first':'2020-01-31' | /schedule/first",
        "'first':'2099-01-31' | 'first':'3000-01-31' | /schedule/first",
        "'calendar':'TARGET' | 'calendar':'ATLANTIS' | /schedule/calendar",
        "'rhythm':'MONTHLY' | 'rhythm':'WEEKLY','dayOfMonth':3 | /schedule/dayOfMonth",
        "'rhythm':'MONTHLY' | 'rhythm':'MONTHLY','dayOfMonth':32 | /schedule/dayOfMonth",
        "'rhythm':'MONTHLY' | 'rhythm':'MONTHLY','count':0 | /schedule/count",
        "'rhythm':'MONTHLY' | 'rhythm':'MONTHLY','until':'2099-01-01' | /schedule/until"
      })
  void whatIsNoScheduleIsRefused(String text, String other, String pointer) {
    String body = BankClient.standingOrderBody(from, to, "2099-01-31");
    for (String path : List.of(PATH, PATH + "?preview")) {
      Answer refused = teller.post(path, body.replace(text, other)).expect(400);
      assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
    }
  }

  private JsonNode executed(String path) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(customer.get(path).json().path("history")).hasSize(1));
    JsonNode executed = customer.get(path).json().at("/history/0");
    assertThat(executed.path("outcome").asString()).isEqualTo("EXECUTED");
    return executed;
  }

  private String today() {
    return BankClient.standingOrderBody(from, to, date().toString()).replace("TARGET", "EVERY_DAY");
  }

  private static LocalDate date() {
    return LocalDate.now(ZoneOffset.UTC);
  }
}
