package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.ConsoleBrowser.PageAnswer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What admins and operators do in the console: webhooks, API keys, tenants, end of day. */
class ConsoleBackOfficeTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Pattern SECRET = Pattern.compile("whsec_[A-Za-z0-9+/=]+");

  private final String tenant = BANK.newTenant();
  private final ConsoleBrowser admin = ConsoleBrowser.of(BANK, BANK.admin(tenant));
  private final ConsoleBrowser auditor = ConsoleBrowser.of(BANK, BANK.auditor(tenant));
  private final ConsoleBrowser operator = ConsoleBrowser.of(BANK, BANK.operator());

  @Test
  void aWebhooksSecretIsShownWithItsCreationAndItsRotation() {
    PageAnswer form = admin.get("/console/webhooks/new").expect(200);
    Map<String, String> fields = webhook("https://partner.example/hook");
    String secret = secret(admin.submit(form, "/console/webhooks", fields));
    assertThat(secret(admin.submit(form, "/console/webhooks", fields)))
        .as("the same form again")
        .isEqualTo(secret);
    String path = pathOfFirst("/console/webhooks");
    assertThat(admin.get(path).expect(200).html()).contains("back office").doesNotContain(secret);
    PageAnswer rotated = admin.submit(admin.get(path), path + "/rotate-secret", Map.of());
    assertThat(secret(rotated)).isNotEqualTo(secret);
    ConsoleBrowser.of(BANK, BANK.admin(BANK.newTenant())).get(path).expect(404);
    auditor.get("/console/webhooks").expect(403);
  }

  @Test
  void aWebhookIsTestedSwitchedOffAndDeleted() {
    PageAnswer form = admin.get("/console/webhooks/new").expect(200);
    admin.submit(form, "/console/webhooks", webhook("https://partner.example/x")).expect(200);
    String path = pathOfFirst("/console/webhooks");
    assertThat(pageAfter(admin, path, "/switch-off")).contains(">off<", "/switch-on");
    String page = pageAfter(admin, path, "/test");
    assertThat(page).contains("A test", "to be sent");
    Matcher again = Pattern.compile(path + "(/deliveries/[0-9a-f-]{36}/redeliver)").matcher(page);
    assertThat(again.find()).isTrue();
    pageAfter(admin, path, again.group(1));
    assertThat(pageAfter(admin, path, "/delete")).contains("No system is called.");
  }

  @Test
  void aWebhookThatIsRefusedIsShownAgain() {
    PageAnswer form = admin.get("/console/webhooks/new").expect(200);
    assertThat(
            admin
                .submit(form, "/console/webhooks", webhook("http://partner.example"))
                .expect(400)
                .html())
        .contains("/url must begin with https://", "value=\"http://partner.example\"");
  }

  @Test
  void anApiKeyIsShownOnceAndRevoked() {
    String path = "/console/api-keys";
    PageAnswer form = admin.get(path + "/new").expect(200);
    Map<String, String> fields =
        Map.of("name", "payroll", "scopes", "admin", "subject", "", "validForDays", "30");
    assertThat(admin.submit(form, path, fields).expect(200).html()).contains("kontor_" + tenant);
    assertThat(admin.submit(form, path, fields).expect(200).html())
        .contains("the key was shown then")
        .doesNotContain("kontor_" + tenant);
    assertThat(auditor.get(path).expect(200).html())
        .contains("payroll")
        .doesNotContain("/revoke", path + "/new");
    PageAnswer list = admin.get(path);
    Matcher revoke = Pattern.compile(path + "/[0-9a-f-]{36}/revoke").matcher(list.html());
    assertThat(revoke.find()).isTrue();
    String after = admin.submit(list, revoke.group(), Map.of()).expect(302).location();
    assertThat(admin.get(after).html()).contains("payroll").doesNotContain("/revoke");
    assertThat(
            admin
                .submit(form, path, Map.of("name", "x", "scopes", "teller", "validForDays", "1"))
                .expect(403)
                .html())
        .contains("value=\"x\"");
  }

  @Test
  void anOperatorSetsTheLimitsThatATenantsAdminSees() {
    String path = "/console/tenants/" + tenant;
    Map<String, String> limits = Map.of("tenantPerMinute", "120000", "userPerMinute", "5000");
    PageAnswer page = operator.get(path).expect(200);
    String done = operator.submit(page, path + "/limits", limits).expect(302).location();
    assertThat(operator.get(done).expect(200).html()).contains("120,000", "olga");
    assertThat(admin.get("/console/limits").expect(200).html()).contains("120,000", "5,000");
    assertThat(pageAfter(operator, path, "/limits/reset")).contains("by the settings of the nodes");
    admin.get(path).expect(403);
  }

  @Test
  void aTenantIsRegisteredMovedAndClosedAfterItsIdWasTyped() {
    String id = "tenant-" + UUID.randomUUID().toString().substring(0, 8);
    Map<String, String> fields = Map.of("id", id, "name", "Initech", "isolation", "ROW");
    PageAnswer form = operator.get("/console/tenants/new").expect(200);
    operator.submit(form, "/console/tenants", fields).expect(302);
    assertThat(
            operator
                .submit(operator.get("/console/tenants/new"), "/console/tenants", fields)
                .expect(409)
                .html())
        .contains("registered already", "value=\"" + id);
    String path = "/console/tenants/" + id;
    PageAnswer page = operator.get(path).expect(200);
    assertThat(page.html()).contains("shared tables", "/move", "/close");
    Map<String, String> target = Map.of("to", "SCHEMA");
    awaitCompletion(operator.submit(page, path + "/move", target).expect(302).location());
    PageAnswer moved = operator.get(path).expect(200);
    assertThat(moved.html())
        .contains("<dd>a schema of its own", "value=\"ROW\"", "value=\"DATABASE\"")
        .doesNotContain("value=\"SCHEMA\"", "/confirm");
    assertThatReadModelsAndJobsOfACellAreShown("/console/cells/" + id, moved);
    operator.submit(moved, path + "/close", Map.of("confirm", "another")).expect(400);
    Map<String, String> confirmed = Map.of("confirm", id);
    awaitCompletion(operator.submit(moved, path + "/close", confirmed).expect(302).location());
    assertThat(operator.get(path).expect(200).html()).contains("Closed").doesNotContain("/close");
  }

  private void assertThatReadModelsAndJobsOfACellAreShown(String cell, PageAnswer tenantPage) {
    String readModels = cell + "/read-models";
    String jobs = cell + "/jobs";
    assertThat(tenantPage.html()).contains("href=\"" + readModels, "href=\"" + jobs);
    PageAnswer page = operator.get(readModels).expect(200);
    assertThat(page.html()).contains("Those of the tenant");
    String rebuild =
        operator.submit(page, readModels + "/accounts/rebuild", Map.of()).expect(302).location();
    assertThat(rebuild).startsWith(cell + "/rebuilds/");
    operator.get(rebuild).expect(200);
    operator.get(rebuild.replace(cell, "/console")).expect(404);
    assertThat(operator.get(jobs).expect(200).html()).contains("Those of the tenant");
    operator.get("/console/cells/nobody/jobs").expect(400);
    assertThat(operator.get("/console/jobs").expect(200).html())
        .doesNotContain("Those of the tenant");
  }

  @Test
  void theFirstBankDayIsOpenedOnce() {
    String path = "/console/end-of-day";
    Map<String, String> day = Map.of("day", "2099-01-31", "zone", "Europe/Berlin");
    assertThat(auditor.get(path).expect(200).html())
        .contains("No bank day is open")
        .doesNotContain("name=\"zone\"");
    PageAnswer form = admin.get(path).expect(200);
    String opened = admin.submit(form, path, day).expect(302).location();
    assertThat(admin.get(opened).expect(200).html()).contains("2099-01-31", "Europe/Berlin");
    assertThat(admin.submit(admin.get(path), path, day).expect(409).html())
        .contains("A bank day is open already.");
    assertThat(pageAfter(admin, path, "/run")).contains("Done.");
  }

  @Test
  void conditionsAreSetForACurrencyAndForAnAccount() {
    String path = admin.get("/console/conditions").expect(302).location();
    assertThat(path).isEqualTo("/console/conditions/EUR");
    String done = admin.submit(admin.get(path), path, conditions("0.75")).expect(302).location();
    assertThat(admin.get(done).expect(200).html())
        .contains(">0.75<", "2.90 EUR", "actual days of 365", "the currency");
    assertThat(admin.submit(admin.get(path), path, conditions("101")).expect(400).html())
        .contains("/creditRate", "value=\"101\"");

    BankClient teller = BANK.teller(tenant);
    String account = teller.openAccount();
    var browser = ConsoleBrowser.of(BANK, teller);
    String own = "/console/accounts/%s/conditions".formatted(account);
    await().atMost(SOON).until(() -> browser.get(own).status() == 200);
    String set = browser.submit(browser.get(own), own, conditions("1.50")).location();
    assertThat(browser.get(set).expect(200).html()).contains(">1.50<", ">0.75<", "this account");
    assertThat(auditor.get(own).expect(200).html()).doesNotContain("name=\"creditRate\"");
  }

  @Test
  void reportsAreDownloadedAsFiles() {
    BankClient teller = BANK.teller(tenant);
    BANK.auditor(tenant)
        .getAfter(teller.deposit(teller.openAccount(), "5.00"), "/v1/ledger/trial-balance")
        .expect(200);
    assertThat(auditor.get("/console/reports").expect(200).html())
        .contains("/console/reports/trial-balance", "/console/reports/accounts");
    PageAnswer csv = auditor.get("/console/reports/trial-balance?day=&format=CSV").expect(200);
    assertThat(csv.header("Content-Type")).startsWith("text/csv");
    assertThat(csv.header("Content-Disposition")).contains("attachment", ".csv");
    assertThat(csv.html()).contains("EUR", "5.00");
    assertThat(
            auditor
                .get("/console/reports/accounts?status=OPEN&customer=&format=XLSX")
                .expect(200)
                .header("Content-Disposition"))
        .contains(".xlsx");
    auditor.get("/console/reports/trial-balance?day=nonsense").expect(400);
    assertThat(ConsoleBrowser.of(BANK, teller).get("/console/reports").expect(200).html())
        .doesNotContain("trial-balance");
  }

  private static Map<String, String> webhook(String url) {
    return Map.of("url", url, "description", "back office", "kinds", "MONEY_IN");
  }

  private static Map<String, String> conditions(String creditRate) {
    return Map.of(
        "from", "2099-01-01",
        "creditRate", creditRate,
        "debitRate", "9.90",
        "dayCount", "ACT_365",
        "fee", "2.90",
        "feeRhythm", "MONTHLY");
  }

  private static String secret(PageAnswer page) {
    Matcher secret = SECRET.matcher(page.expect(200).html());
    assertThat(secret.find()).isTrue();
    return secret.group();
  }

  private String pathOfFirst(String list) {
    Matcher link =
        Pattern.compile(list + "/[0-9a-f-]{36}").matcher(admin.get(list).expect(200).html());
    assertThat(link.find()).isTrue();
    return link.group();
  }

  private void awaitCompletion(String job) {
    await()
        .atMost(SOON)
        .until(() -> operator.get(job + "/progress").expect(200).html().contains(">completed<"));
  }

  /** The page after one of its buttons. */
  private static String pageAfter(ConsoleBrowser browser, String path, String button) {
    PageAnswer page = browser.get(path).expect(200);
    String next = browser.submit(page, path + button, Map.of()).expect(302).location();
    return browser.get(next).expect(200).html();
  }
}
