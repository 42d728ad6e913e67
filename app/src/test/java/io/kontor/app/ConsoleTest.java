package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.ConsoleBrowser.PageAnswer;
import io.kontor.console.page.NotificationKinds;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.testsupport.ApiClient.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.UriComponentsBuilder;

/** The console's pages: who sees what, what forms do, and what a browser is kept from. */
class ConsoleTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String SESSION = "kontor-session";

  /** What a policy without {@code unsafe-inline} refuses, and what calls another host. */
  private static final Pattern INLINE =
      Pattern.compile("<style|<script(?![^>]* src=)| style=| on[a-z]+=| (src|href)=\"(https?:)?//");

  private static String tenant;
  private static BankClient teller;
  private static String account;

  @BeforeAll
  static void openAccount() {
    tenant = BANK.newTenant();
    teller = BANK.teller(tenant);
    account = teller.openAccount();
    read(teller.deposit(account, "1234.50").expect(200));
  }

  @Test
  void withoutASessionAPageLeadsToTheSignInAndBack() {
    var browser = ConsoleBrowser.signedOut(BANK);
    assertThat(browser.get("/").expect(302).location()).startsWith("/console");
    assertThat(browser.get("/console/accounts?status=OPEN").expect(302).location())
        .isEqualTo("/console/sign-in?to=%2Fconsole%2Faccounts%3Fstatus%3DOPEN");
    PageAnswer partial = browser.get("/console/overview/figures", "HX-Request", "true");
    assertThat(partial.expect(401).header("HX-Redirect")).isEqualTo("/console/sign-in");
    PageAnswer page = browser.get("/console/sign-in?to=/console/accounts?status=OPEN").expect(200);
    PageAnswer signedIn = browser.submit(page, "/console/sign-in", Map.of("choice", "0"));
    assertThat(signedIn.expect(302).location()).isEqualTo("/console/accounts?status=OPEN");
    assertThat(browser.get(signedIn.location()).expect(200).html()).contains("tim · acme · teller");
  }

  /** Every page that there is, also those that come. */
  @Test
  void noPageIsServedWithoutASession() {
    Set<String> open =
        Set.of(
            "/",
            "/console/sign-in",
            "/console/sign-out",
            "/console/assets/{name}",
            "/console/refused");
    var mapping = BANK.part("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    List<String> pages =
        mapping.getHandlerMethods().entrySet().stream()
            .filter(
                page -> page.getValue().getBeanType().getName().startsWith("io.kontor.console."))
            .flatMap(page -> page.getKey().getPatternValues().stream())
            .filter(page -> !open.contains(page))
            .toList();
    assertThat(pages).hasSizeGreaterThan(10);
    for (String page : pages) {
      String path = page.replaceAll("\\{[^}]*}", account).replace("**", "any");
      var browser = ConsoleBrowser.signedOut(BANK);
      assertThat(browser.get(path).expect(302).location()).startsWith("/console/sign-in");
      browser.post(path, Map.of()).expect(403);
    }
  }

  @Test
  void theSignInLeadsToNoOtherSite() {
    var browser = ConsoleBrowser.signedOut(BANK);
    for (String to : List.of("https://evil.example", "//evil.example", "/console/\\evil", "/v1")) {
      PageAnswer page = browser.get("/console/sign-in").expect(200);
      assertThat(
              browser
                  .submit(page, "/console/sign-in", Map.of("choice", "0", "to", to))
                  .expect(302)
                  .location())
          .isEqualTo("/console");
    }
  }

  @Test
  void aSessionIsNewWithTheSignInAndEndsWithTheSignOut() {
    var browser = ConsoleBrowser.signedOut(BANK);
    browser.keep(SESSION + "=planted; Path=/");
    browser.get("/console").expect(302);
    PageAnswer page = browser.get("/console/sign-in").expect(200);
    PageAnswer signedIn = browser.submit(page, "/console/sign-in", Map.of("choice", "0"));
    assertThat(signedIn.http().headers().allValues("Set-Cookie"))
        .anyMatch(
            cookie ->
                cookie.startsWith(SESSION)
                    && cookie.contains("HttpOnly")
                    && cookie.contains("SameSite=Lax"));
    String first = browser.cookies().get(SESSION);
    assertThat(first).isNotEqualTo("planted");
    browser.submit(page, "/console/sign-in", Map.of("choice", "0")).expect(302);
    assertThat(browser.cookies().get(SESSION)).isNotEqualTo(first);
    PageAnswer overview = browser.get("/console").expect(200);
    browser.submit(overview, "/console/sign-out", Map.of()).expect(302);
    assertThat(browser.cookies()).doesNotContainKey(SESSION);
    browser.get("/console").expect(302);
  }

  @Test
  void peopleSignInAtTheProvider() {
    var browser = ConsoleBrowser.signedOut(BANK);
    assertThat(browser.get("/console/sign-in").expect(200).html())
        .contains("/console/sign-in/provider");
    PageAnswer begun = browser.get("/console/sign-in/provider?to=/console/accounts").expect(302);
    var asked = UriComponentsBuilder.fromUriString(begun.location()).build().getQueryParams();
    BankFixture.PROVIDER.signIn(decoded(asked.getFirst("nonce")), teller.token());
    String answer = "/console/signed-in?code=c&state=" + asked.getFirst("state");

    assertThat(ConsoleBrowser.signedOut(BANK).get(answer).expect(302).location())
        .as("a browser that did not begin it")
        .isEqualTo("/console/sign-in?failed=true");
    assertThat(browser.get(answer).expect(302).location()).isEqualTo("/console/accounts");
    assertThat(BankFixture.PROVIDER.tokenRequest()).contains("code_verifier=");
    assertThat(browser.get("/console/accounts").expect(200).html()).contains(account);
    assertThat(browser.get(answer).expect(302).location())
        .as("the same answer again")
        .isEqualTo("/console/sign-in?failed=true");
  }

  @Test
  void theFormOfAnotherSiteIsRefused() {
    var browser = ConsoleBrowser.of(BANK, teller);
    PageAnswer refused =
        browser.post(
            "/console/accounts/%s/deposit".formatted(account),
            Map.of("amount", "1.00", "reference", "forged"));
    assertThat(refused.expect(403).html()).contains("came from another site");
    assertThat(balance()).isEqualTo("1234.50");
  }

  @Test
  void aRoleSeesWhatItMayReadAndNothingElse() {
    String forTeller = overview(teller);
    assertThat(forTeller).contains("/console/accounts").doesNotContain("Read models", "Jobs");
    assertThat(overview(BANK.auditor(tenant)))
        .contains("Read models", "Trial balance", "number good", "Jobs", "/console/accounts");
    assertThat(overview(BANK.admin(tenant)))
        .contains("Read models", "Processes that need a person")
        .doesNotContain("Trial balance", "/console/accounts");
    assertThat(overview(BANK.operator()))
        .contains("Read models", "Database connections of this node", "command, query, projection")
        .doesNotContain("/console/accounts");
    ConsoleBrowser.of(BANK, BANK.admin(tenant)).get("/console/accounts").expect(403);
  }

  @Test
  void theNodesLastHourIsForThoseWhoReadItsMeters() {
    var operator = ConsoleBrowser.of(BANK, BANK.operator());
    assertThat(operator.get("/console").expect(200).html())
        .contains(
            "This node in the last hour", "Breaker database-append", "/console/overview/history");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                operator
                    .get("/console/overview/history")
                    .expect(200)
                    .html()
                    .matches("\\[.*\"events\":[0-9].*]"));
    assertThat(overview(BANK.admin(tenant))).doesNotContain("This node");
    ConsoleBrowser.of(BANK, BANK.admin(tenant)).get("/console/overview/history").expect(403);
  }

  @Test
  void theOverviewIsSentToEachReadersLanguageAndEndsWithItsPage() throws IOException {
    String other = BANK.newTenant();
    BankClient rich = BANK.teller(other);
    Answer paidIn = rich.deposit(rich.openAccount(), "1234.50").expect(200);
    BANK.auditor(other).getAfter(paidIn, "/v1/ledger/trial-balance").expect(200);
    var auditor = ConsoleBrowser.of(BANK, BANK.auditor(other));
    try (BufferedReader english = auditor.open("/console/overview/live");
        BufferedReader german =
            auditor.open("/console/overview/live", "Accept-Language", "de-DE")) {
      assertThat(figures(english)).contains("Trial balance", "1,234.50");
      assertThat(figures(german)).contains("Summenbilanz", "1.234,50");
      assertThat(openOverviews()).isEqualTo(2);
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> openOverviews() == 0);
    ConsoleBrowser.signedOut(BANK)
        .get("/console/overview/live", "Accept", "text/event-stream")
        .expect(302);
  }

  @Test
  void aCustomerSeesTheOwnAccountsAndIsOfferedNoTellersWork() {
    var browser = ConsoleBrowser.of(BANK, BANK.customer(tenant, "cust-42"));
    String page = browser.get("/console/accounts/" + account).expect(200).html();
    assertThat(page).contains("/transfer\"").doesNotContain("/deposit\"", "/freeze\"");
    PageAnswer form = browser.get("/console/accounts/%s/deposit".formatted(account)).expect(200);
    browser
        .submit(
            form,
            "/console/accounts/%s/deposit".formatted(account),
            Map.of("amount", "1.00", "reference", "gift"))
        .expect(403);
    ConsoleBrowser.of(BANK, BANK.customer(tenant, "cust-43"))
        .get("/console/accounts/" + account)
        .expect(404);
  }

  @Test
  void anotherTenantsAccountIsLikeNone() {
    var other = ConsoleBrowser.of(BANK, BANK.teller(BANK.newTenant()));
    String unknown = other.get("/console/accounts/" + UUID.randomUUID()).expect(404).html();
    String foreign = other.get("/console/accounts/" + account).expect(404).html();
    assertThat(withoutIds(foreign)).isEqualTo(withoutIds(unknown)).contains("There is nothing");
    other.get("/console/accounts/nonsense").expect(404);
    other.get("/console/nonsense").expect(404);
  }

  @Test
  void aDepositIsBookedOnceInThePersonsName() {
    String mine = teller.openAccount();
    var browser = ConsoleBrowser.of(BANK, teller);
    String path = "/console/accounts/%s/deposit".formatted(mine);
    PageAnswer form = awaitPage(browser, path);
    Map<String, String> fields = Map.of("amount", "10.00", "reference", "cash Ünal");
    String done = browser.submit(form, path, fields).expect(302).location();
    browser.submit(form, path, fields).expect(302);
    assertThat(browser.get(done).expect(200).html())
        .contains("The money is booked in.", "+10.00 EUR", "cash Ünal");
    assertThat(teller.get("/v1/accounts/" + mine).expect(200).amount("balance")).isEqualTo("10.00");
    assertThat(
            BANK.auditor(tenant)
                .list("/v1/admin/events?stream=" + mine)
                .getLast()
                .at("/metadata/actor")
                .asString())
        .isEqualTo("tim");
  }

  @Test
  void whatTheApiRefusesIsSaidInWordsBesideWhatWasWritten() {
    var browser = ConsoleBrowser.of(BANK, teller);
    String path = "/console/accounts/%s/withdraw".formatted(account);
    PageAnswer form = browser.get(path).expect(200);
    PageAnswer refused =
        browser.submit(form, path, Map.of("amount", "99999.00", "reference", "too much"));
    assertThat(refused.expect(422).html())
        .contains("has less available", "value=\"99999.00\"", "value=\"too much\"")
        .contains(refused.header("Kontor-Correlation-Id"));
    assertThat(
            browser
                .submit(form, path, Map.of("amount", "1,00", "reference", "comma"))
                .expect(400)
                .html())
        .contains("/amount");
    assertThat(balance()).isEqualTo("1234.50");
  }

  @Test
  void aTransferShowsBothBalancesBeforeItIsBooked() {
    String from = teller.openAccount();
    String to = teller.openAccount();
    teller.deposit(from, "100.00").expect(200);
    read(teller.deposit(to, "5.00").expect(200));
    var browser = ConsoleBrowser.of(BANK, teller);
    String path = "/console/accounts/%s/transfer".formatted(from);
    PageAnswer form = browser.get(path).expect(200);
    PageAnswer check =
        browser.submit(form, path, Map.of("to", to, "amount", "30.00", "reference", "rent"));
    assertThat(check.expect(200).html()).contains("70.00 EUR", "35.00 EUR");
    assertThat(teller.get("/v1/accounts/" + to).amount("balance")).isEqualTo("5.00");
    String done = browser.submit(check, path + "/confirmed", Map.of()).expect(302).location();
    assertThat(browser.get(done).expect(200).html())
        .contains("The transfer is booked.", "70.00 EUR");
    assertThat(teller.get("/v1/accounts/" + to).amount("balance")).isEqualTo("35.00");
  }

  @Test
  void aPaymentAndAnOrderShowWhereTheyStand() {
    String payer = teller.openAccount();
    read(teller.deposit(payer, "100.00").expect(200));
    Answer paid = teller.pay(payer, "10.00").expect(202);
    teller.getAfter(paid, "/v1/payments").expect(200);
    var browser = ConsoleBrowser.of(BANK, teller);
    assertThat(browser.get("/console/payments?account=" + payer).expect(200).html())
        .contains("Grace Hopper", "10.00 EUR");
    assertThat(browser.get("/console/payments/" + paid.text("id")).expect(200).html())
        .contains("DE89370400440532013000", "History", "requested");

    String sku = "MUG-" + UUID.randomUUID();
    teller.offer(sku, "9.90", 10);
    String order = teller.orderAndWait(payer, sku, 2).text("id");
    assertThat(browser.get("/console/orders/" + order).expect(200).html())
        .contains("confirmed", "19.80 EUR", "class=\"done\"");
    ConsoleBrowser.of(BANK, BANK.teller(BANK.newTenant()))
        .get("/console/orders/" + order)
        .expect(404);
  }

  @Test
  void anAdminRebuildsAReadModelAndSeesItEnd() {
    var browser = ConsoleBrowser.of(BANK, BANK.admin(tenant));
    PageAnswer page = browser.get("/console/read-models").expect(200);
    assertThat(page.html()).contains("accounts", "Rebuild").doesNotContain("Roll back");
    String rebuild =
        browser.submit(page, "/console/read-models/products/rebuild", Map.of()).location();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> browser.get(rebuild).expect(200).html().contains(">done<"));
    assertThat(browser.get("/console/read-models/accounts/dead-letters").expect(200).html())
        .contains("took every event");
    browser.submit(page, "/console/read-models/products/rollback", Map.of()).expect(403);
  }

  @Test
  void aStatementIsAskedForAndDownloaded() {
    var browser = ConsoleBrowser.of(BANK, teller);
    String path = "/console/accounts/%s/statements".formatted(account);
    PageAnswer page = browser.get(path).expect(200);
    browser
        .submit(page, path, Map.of("from", "2026-01-01", "to", "2026-01-31", "format", "CSV"))
        .expect(302);
    Pattern link = Pattern.compile(path + "/[0-9a-f-]{36}");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> link.matcher(browser.get(path).expect(200).html()).find());
    Matcher document = link.matcher(browser.get(path).html());
    assertThat(document.find()).isTrue();
    PageAnswer file = browser.get(document.group()).expect(200);
    assertThat(file.header("Content-Type")).startsWith("text/csv");
    assertThat(file.header("Content-Disposition")).startsWith("attachment");
    assertThat(file.html()).contains("OPENING_BALANCE");
    ConsoleBrowser.of(BANK, BANK.teller(BANK.newTenant())).get(document.group()).expect(404);
  }

  @Test
  void anAuditorReadsTheEventsOfAStreamWithTheirActors() {
    assertThat(
            ConsoleBrowser.of(BANK, BANK.auditor(tenant))
                .get("/console/events?stream=" + account)
                .expect(200)
                .html())
        .contains("money-deposited", "<span>tim</span>", "correlationId");
    ConsoleBrowser.of(BANK, teller).get("/console/events").expect(403);
  }

  @Test
  void aJobIsListedWithWhatBecameOfIt() {
    teller.statement(account);
    var browser = ConsoleBrowser.of(BANK, BANK.admin(tenant));
    String path = "/console/jobs?state=COMPLETED";
    Pattern link = Pattern.compile("/console/jobs/[0-9a-f-]{36}");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> link.matcher(browser.get(path).expect(200).html()).find());
    Matcher job = link.matcher(browser.get(path).html());
    assertThat(job.find()).isTrue();
    PageAnswer page = browser.get(job.group()).expect(200);
    assertThat(page.html()).contains("completed", "tim");
    assertThat(browser.submit(page, job.group() + "/retry", Map.of()).expect(409).html())
        .contains("in a state in which that is not possible");
  }

  @Test
  void aScriptInATextIsShownAndNotRun() {
    String script = "<script>alert(1)</script>";
    String opened =
        teller
            .post(
                "/v1/accounts",
                "{\"customer\":\"%1$s\",\"owner\":\"%1$s\",\"currency\":\"EUR\"}".formatted(script))
            .expect(201)
            .text("id");
    var browser = ConsoleBrowser.of(BANK, teller);
    String path = "/console/accounts/%s/deposit".formatted(opened);
    PageAnswer form = awaitPage(browser, path);
    String done =
        browser
            .submit(form, path, Map.of("amount", "1.00", "reference", "\"><img src=x onerror=a()>"))
            .expect(302)
            .location();
    for (String page : List.of(done, path, "/console/accounts?customer=%3Cscript%3E")) {
      String html = browser.get(page).expect(200).html();
      assertThat(html).doesNotContain("<script>", "<img");
    }
    assertThat(browser.get(done).html())
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&quot;&gt;&lt;img src=x");
  }

  @Test
  void pagesBringNothingInlineAndNothingFromElsewhere() {
    var browser = ConsoleBrowser.of(BANK, BANK.withAllRoles(tenant));
    Stream.of(
            "/console",
            "/console/sign-in",
            "/console/accounts",
            "/console/accounts/" + account,
            "/console/payments",
            "/console/processes",
            "/console/read-models",
            "/console/jobs",
            "/console/events?stream=" + account,
            "/console/standing-orders/new?from=" + account,
            "/console/notifications/preferences",
            "/console/webhooks/new",
            "/console/api-keys/new",
            "/console/limits",
            "/console/integrity",
            "/console/accounts/%s/history".formatted(account),
            "/console/end-of-day",
            "/console/conditions/EUR",
            "/console/reports",
            "/console/accounts/%s/alerts".formatted(account),
            "/console/accounts/%s/statements".formatted(account),
            "/console/accounts/%s/transfer".formatted(account))
        .map(path -> browser.get(path).expect(200))
        .forEach(
            page -> {
              assertThat(page.header("Content-Security-Policy"))
                  .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                  .doesNotContain("unsafe");
              assertThat(page.header("Cache-Control")).contains("no-store");
              assertThat(INLINE.matcher(page.html()).results().map(found -> found.group()))
                  .isEmpty();
            });
  }

  @Test
  void aPageWithAllItLoadsIsSmall() {
    var browser = ConsoleBrowser.of(BANK, BANK.auditor(tenant));
    String page = browser.get("/console").expect(200).html();
    Set<String> files = new TreeSet<>();
    Pattern.compile("(?:src|href)=\"(/console/assets/[^\"]+)\"")
        .matcher(page)
        .results()
        .forEach(found -> files.add(found.group(1)));
    assertThat(files).hasSize(6);
    int bytes =
        page.getBytes(UTF_8).length
            + files.stream()
                .mapToInt(file -> browser.get(file).expect(200).html().getBytes(UTF_8).length)
                .sum();
    assertThat(bytes).isLessThan(250_000);
    browser.get("/console/assets/messages.properties").expect(404);
  }

  @Test
  void peopleChooseAmongAllKindsOfNotifications() {
    assertThat(NotificationKinds.ALL)
        .containsExactlyElementsOf(
            Stream.of(NotificationKind.values()).map(NotificationKind::name).toList());
  }

  @Test
  void germanReadersGetGerman() {
    var browser = ConsoleBrowser.of(BANK, teller);
    assertThat(
            browser
                .get("/console/accounts/" + account, "Accept-Language", "de-DE,de;q=0.9")
                .expect(200)
                .html())
        .contains("lang=\"de\"", "Saldo", "1.234,50 EUR", "Einzahlung");
  }

  /** The first event of a stream. */
  private static String figures(BufferedReader stream) throws IOException {
    var event = new StringBuilder();
    for (String line = stream.readLine(); line != null; line = stream.readLine()) {
      if (line.startsWith("data: ")) {
        event.append(line.substring("data: ".length())).append('\n');
      } else if (!event.isEmpty()) {
        break;
      }
    }
    return event.toString();
  }

  private static double openOverviews() {
    return BANK.part(MeterRegistry.class).get("kontor.console.overviews").gauge().value();
  }

  private static String overview(BankClient person) {
    return ConsoleBrowser.of(BANK, person).get("/console").expect(200).html();
  }

  /** The page of a new account, once its read model has it. */
  private static PageAnswer awaitPage(ConsoleBrowser browser, String path) {
    await().atMost(Duration.ofSeconds(60)).until(() -> browser.get(path).status() == 200);
    return browser.get(path);
  }

  private static void read(Answer change) {
    teller.getAfter(change, "/v1/accounts").expect(200);
    BANK.auditor(tenant).getAfter(change, "/v1/ledger/trial-balance").expect(200);
  }

  private static String balance() {
    return teller.get("/v1/accounts/" + account).expect(200).amount("balance");
  }

  private static String withoutIds(String html) {
    return html.replaceAll("[0-9a-f]{32}", "").replaceAll("value=\"[^\"]*\"", "");
  }

  private static String decoded(String parameter) {
    return URLDecoder.decode(parameter, UTF_8);
  }
}
