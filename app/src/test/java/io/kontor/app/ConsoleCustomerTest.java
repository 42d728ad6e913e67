package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.ConsoleBrowser.PageAnswer;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What customers do in the console besides transfers: standing orders, notifications, alerts. */
class ConsoleCustomerTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String ORDERS = "/console/standing-orders";

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);
  private final BankClient ada = BANK.customer(tenant, "ada");
  private final ConsoleBrowser browser = ConsoleBrowser.of(BANK, ada);
  private final String account = teller.openAccount("ada", "EUR");

  @BeforeEach
  void awaitAccount() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ada.get("/v1/accounts/" + account).status() == 200);
  }

  @Test
  void aStandingOrderIsCreatedOnceAfterItsFirstDatesWereShown() {
    PageAnswer form = browser.get(ORDERS + "/new?from=" + account).expect(200);
    Map<String, String> rent = rent("EVERY_DAY");
    PageAnswer preview = browser.submit(form, ORDERS + "/preview", rent).expect(200);
    assertThat(preview.html()).contains("Due on 2099-02-28, executed on 2099-02-28");
    assertThat(ada.list("/v1/standing-orders")).isEmpty();

    String created = browser.submit(preview, ORDERS, rent).expect(302).location();
    browser.submit(preview, ORDERS, rent).expect(302);
    assertThat(browser.get(created).expect(200).html())
        .contains("active", "850.00 EUR", "Due on 2099-01-31", "<li>2099-02-28</li>");
    assertThat(browser.get(ORDERS + "?account=" + account).expect(200).html())
        .containsOnlyOnce(">rent</a>");
  }

  @Test
  void aStandingOrderIsPausedResumedAndEnded() {
    Answer order = ada.createStandingOrder(account, teller.openAccount()).expect(201);
    ada.getAfter(order, "/v1/standing-orders").expect(200);
    String path = ORDERS + "/" + order.text("id");
    assertThat(pageAfter(path, "/pause")).contains(">paused<", "/resume").doesNotContain("/pause");
    assertThat(pageAfter(path, "/resume")).contains(">active<");
    assertThat(pageAfter(path, "/cancel")).contains(">cancelled<").doesNotContain("/resume");
    assertThat(browser.submit(browser.get(path), path + "/pause", Map.of()).expect(409).html())
        .contains("The standing order has ended.");
    ConsoleBrowser.of(BANK, BANK.customer(tenant, "bob")).get(path).expect(404);
    assertThat(ConsoleBrowser.of(BANK, BANK.auditor(tenant)).get(path).expect(200).html())
        .doesNotContain("/pause", "/cancel");
  }

  @Test
  void aStandingOrderThatIsRefusedIsShownAgainWithWhatWasWritten() {
    PageAnswer form = browser.get(ORDERS + "/new?from=" + account).expect(200);
    PageAnswer refused = browser.submit(form, ORDERS + "/preview", rent("MOON")).expect(400);
    assertThat(refused.html())
        .contains("/schedule/calendar must be one of", "value=\"850.00\"", "value=\"MOON\"")
        .contains(refused.header("Kontor-Correlation-Id"));
    browser.get(ORDERS + "/new").expect(400);
  }

  @Test
  void theBellCountsWhatIsNotReadAndLeadsToIt() {
    Answer deposit = teller.deposit(account, "5.00").expect(200);
    ada.getAfter(deposit, "/v1/notifications").expect(200);
    assertThat(bell()).contains("1 unread");
    PageAnswer list = browser.get("/console/notifications?unread=true").expect(200);
    assertThat(list.html())
        .contains("Money came in", "5.00 EUR", "href=\"/console/accounts/" + account);
    String id = ada.list("/v1/notifications").getFirst().path("id").asString();
    String read = "/console/notifications/%s/read".formatted(id);
    browser.get(browser.submit(list, read, Map.of()).expect(302).location()).expect(200);
    assertThat(bell()).doesNotContain("unread");
    assertThat(browser.get("/console/notifications?unread=true").html())
        .contains("There is no notification.");
    assertThat(ConsoleBrowser.of(BANK, BANK.auditor(tenant)).get("/console").html())
        .doesNotContain("bell");
  }

  @Test
  void aCustomerChoosesHowToBeNotifiedOfEachKind() {
    String path = "/console/notifications/preferences";
    PageAnswer page = browser.get(path).expect(200);
    assertThat(page.html())
        .contains(
            Arrays.stream(NotificationKind.values())
                .map("name=\"%s\""::formatted)
                .toArray(String[]::new));
    browser
        .submit(page, path, Map.of("MONEY_IN", "LIVE", "MONEY_OUT", "LIST", "JOB_DEAD", "NONE"))
        .expect(302);
    JsonNode stored = ada.get("/v1/notifications/preferences").expect(200).json();
    assertThat(stored.path("muted").toString()).isEqualTo("[\"JOB_DEAD\"]");
    assertThat(stored.path("listOnly").toString()).isEqualTo("[\"MONEY_OUT\"]");
    assertThat(browser.get(path).expect(200).html())
        .containsOnlyOnce("value=\"LIST\" selected=\"selected\"")
        .containsOnlyOnce("value=\"NONE\" selected=\"selected\"");
  }

  @Test
  void aCustomerIsNotifiedAtBalancesThatWereSet() {
    String path = "/console/accounts/%s/alerts".formatted(account);
    PageAnswer form = browser.get(path).expect(200);
    browser.submit(form, path, Map.of("below", "50.00", "above", "")).expect(302);
    assertThat(browser.get(path).expect(200).html()).contains("value=\"50.00\"");
    assertThat(browser.submit(form, path, Map.of("below", "1,5")).expect(400).html())
        .contains("/below", "value=\"1,5\"");
    ConsoleBrowser.of(BANK, BANK.customer(tenant, "bob")).get(path).expect(404);
  }

  private Map<String, String> rent(String calendar) {
    return Map.of(
        "to", teller.openAccount(),
        "amount", "850.00",
        "reference", "rent",
        "first", "2099-01-31",
        "rhythm", "MONTHLY",
        "dayOfMonth", "31",
        "until", "",
        "businessDayRule", "MODIFIED_FOLLOWING",
        "calendar", calendar);
  }

  private String bell() {
    return browser.get("/console/notifications/bell", "HX-Request", "true").expect(200).html();
  }

  /** The page after one of its buttons. */
  private String pageAfter(String path, String button) {
    PageAnswer page = browser.get(path).expect(200);
    String next = browser.submit(page, path + button, Map.of()).expect(302).location();
    return browser.get(next).expect(200).html();
  }
}
