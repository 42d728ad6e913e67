package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.browser.Accessibility;
import io.kontor.app.browser.Chromium;
import io.kontor.console.session.ConsoleSession;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.FaultRules;
import io.kontor.simulator.InjectedFault;
import io.kontor.simulator.SimulatedCall;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpCookie;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;

/** The console in a real browser: how pages look, what people do there, and what a page loads. */
@Tag("system")
@Timeout(900)
class ConsoleChromiumTest {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final String SESSION = "kontor-session";
  private static final String SCRIPT = "<script>ran=1</script>\"><img src=x onerror=ran=1>";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int MOST_PAGES = 60;
  private static final Duration SOON = Duration.ofMinutes(1);

  private static Chromium chromium;
  private static ChromeDriver page;
  private static BankFixture bank;
  private static String tenant;
  private static BankClient teller;
  private static String account;

  @BeforeAll
  static void fillTheBank() {
    chromium = Chromium.start();
    page = chromium.driver();
    bank = BankFixture.running();
    tenant = bank.newTenant();
    teller = bank.teller(tenant);
    account = openAccount(SCRIPT);
    String other = openAccount("Charles Babbage");
    teller.deposit(account, "1234.50").expect(200);
    teller.deposit(account, "10.00").expect(200);
    teller.transfer(account, other, "12.50").expect(201);
    teller.placeHold(account, "5.00").expect(201);
    teller.pay(account, "10.00").expect(202);
    teller.offer("MUG-BROWSER", "9.90", 10);
    teller.orderAndWait(account, "MUG-BROWSER", 2);
    teller.statement(account);
  }

  @AfterAll
  static void closeTheBrowser() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void startSignedOut() {
    open("/console/sign-in");
    page.manage().deleteAllCookies();
    chromium.errors();
    chromium.network();
  }

  /** Walks along the links of each page, one of a kind, also those that come. */
  @Test
  void everyPageIsAccessibleAndBringsNothingFromElsewhere() {
    var found = new ArrayList<String>();
    look("/console/sign-in", "sign-in", found);
    signIn(bank.withAllRoles(tenant));
    Set<String> seen = new HashSet<>();
    walk("", seen, found);
    assertThat(seen)
        .hasSizeLessThan(MOST_PAGES)
        .contains(
            "/console/accounts/{id}",
            "/console/accounts/{id}/transfer",
            "/console/accounts/{id}/statements",
            "/console/payments/{id}",
            "/console/read-models",
            "/console/jobs/{id}",
            "/console/events");
    look("/console/accounts/" + UUID.randomUUID(), "not-found", new ArrayList<>());
    signIn(bank.operator());
    seen.remove("/console");
    walk("operator-", seen, found);
    assertThat(found).isEmpty();
  }

  @Test
  void aTellerMovesMoneyAndScriptsInTextsAreOnlyText() {
    signIn(teller);
    String mine = openAccount(SCRIPT);
    String other = openAccount("Grace Hopper");
    open("/console/accounts/" + mine);
    assertThat(heading()).isEqualTo(SCRIPT);

    move("Deposit", "amount", "100.00", "reference", SCRIPT);
    assertThat(text()).contains("The money is booked in.", "+100.00 EUR", SCRIPT);
    move("Withdraw", "amount", "10.00", "reference", "cash");
    assertThat(text()).contains("The money is booked out.");
    move("Place a hold", "amount", "20.00", "reference", "hotel");
    assertThat(text()).contains("The money is held.", "70.00 EUR");

    click("Transfer");
    fill("to", other, "amount", "30.00", "reference", SCRIPT);
    press("Check");
    assertThat(text()).contains("60.00 EUR", "30.00 EUR", "Grace Hopper", SCRIPT);
    press("Transfer");
    assertThat(text()).contains("The transfer is booked.");

    move("Freeze", "reason", SCRIPT);
    assertThat(text()).contains("The account is frozen.");
    move("Unfreeze", "reason", "all is clear");
    assertThat(text()).contains("Money can move again.");
    move("Withdraw", "amount", "99999.00", "reference", "too much");
    assertThat(text()).contains("The account has less available than that.", "Correlation id");
    assertThat(value("amount")).isEqualTo("99999.00");

    page.navigate().back();
    page.navigate().back();
    assertThat(heading()).isEqualTo(SCRIPT);
    assertThat(page.executeScript("return window.ran")).isNull();
    assertThat(teller.get("/v1/accounts/" + other).expect(200).amount("balance"))
        .isEqualTo("30.00");
  }

  @Test
  void aPaymentThatNeedsAPersonComesFirstAndATellerDecides() {
    FaultRules faults = bank.part("counterparty", CounterpartySimulator.class).faults();
    String payment;
    String other;
    try {
      faults.always(SimulatedCall.SUBMIT_PAYMENT, InjectedFault.FAIL);
      payment = stuckPayment();
      other = stuckPayment();
    } finally {
      faults.none();
    }
    teller.pay(account, "2.00").expect(202);
    signIn(bank.auditor(tenant));
    open("/console/payments/" + payment);
    assertThat(page.findElements(By.name("reason"))).isEmpty();
    assertThat(afterForging("/console/payments/%s/retry".formatted(payment)))
        .contains("Your roles do not allow this.");

    signIn(teller);
    open("/console/payments");
    assertThat(page.findElement(By.tagName("h2")).getText())
        .isEqualTo("Payments that need a person");
    assertThat(firstLinks(2)).containsExactlyInAnyOrder(paymentPage(payment), paymentPage(other));
    open(paymentPage(payment));
    assertThat(isRequired("reason")).isTrue();
    fill("reason", "their line is back");
    press("Try again");
    assertThat(text()).contains("Done.");
    awaitStatus("/v1/payments/" + payment, "SETTLED");
    assertThat(reasonsIn(payment)).contains("their line is back");

    open(paymentPage(other));
    WebElement form = page.findElement(By.cssSelector("form[action$='/resolve']"));
    form.findElement(By.cssSelector("option[value=REJECTED]")).click();
    form.findElement(By.name("reason")).sendKeys(SCRIPT);
    press("Record the outcome");
    assertThat(text()).contains("Done.");
    awaitStatus("/v1/payments/" + other, "REJECTED");
    open(paymentPage(other));
    assertThat(text()).contains(SCRIPT).doesNotContain("It needs your decision");
    assertThat(page.executeScript("return window.ran")).isNull();
  }

  /** The account is frozen while the carrier is slow, and then the carrier refuses to cancel. */
  @Test
  void anOrderThatNeedsAPersonComesFirstAndAnAdminDecides() {
    FaultRules faults = bank.part("counterparty", CounterpartySimulator.class).faults();
    String mine = openAccount("Lise Meitner");
    teller.deposit(mine, "50.00").expect(200);
    BankClient admin = bank.admin(tenant);
    try {
      faults
          .next(1, SimulatedCall.BOOK_SHIPMENT, InjectedFault.SLOW)
          .always(SimulatedCall.CANCEL_SHIPMENT, InjectedFault.REFUSE);
      String order = teller.order(mine, "MUG-BROWSER", 1).text("id");
      await()
          .atMost(SOON)
          .until(
              () -> teller.get("/v1/orders/" + order).json().at("/reservation/status").asString(""),
              "RESERVED"::equals);
      teller.freeze(mine).expect(200);
      awaitStatus("/v1/orders/" + order, "NEEDS_ATTENTION");

      signIn(bank.auditor(tenant));
      open("/console/processes/" + order);
      assertThat(page.findElements(By.name("reason"))).isEmpty();
      assertThat(afterForging("/console/processes/%s/compensate".formatted(order)))
          .contains("Your roles do not allow this.");

      signIn(admin);
      open("/console/processes");
      assertThat(page.findElement(By.tagName("h2")).getText())
          .isEqualTo("Processes that need a person");
      assertThat(firstLinks(1)).containsExactly("/console/processes/" + order);
      open("/console/processes/" + order);
      assertThat(isRequired("reason")).isTrue();
      fill("reason", "the carrier is back");
      press("Try again");
      await().atMost(SOON).until(() -> timesStuck(order) == 2);
      open("/console/processes/" + order);
      page.findElement(By.cssSelector("form[action$='/compensate'] [name=reason]"))
          .sendKeys(SCRIPT);
      press("Undo everything");
      awaitStatus("/v1/orders/" + order, "CANCELLED");
      signIn(teller);
      open("/console/orders/" + order);
      assertThat(text()).contains("the carrier is back", SCRIPT);
      assertThat(page.executeScript("return window.ran")).isNull();
    } finally {
      faults.none();
    }
  }

  @Test
  void tablesSortByTheKeyboardAndTimesShowUtc() {
    openAccount("Zuse");
    openAccount("cust-7", "Abel");
    signIn(teller);
    open("/console/accounts");
    WebElement owner = page.findElement(By.cssSelector("th .sort"));
    owner.sendKeys(Keys.ENTER);
    assertThat(names("Abel", "Zuse")).containsExactly("Abel", "Zuse");
    owner.sendKeys(Keys.SPACE);
    assertThat(names("Abel", "Zuse")).containsExactly("Zuse", "Abel");
    open("/console/accounts?owner=abel");
    assertThat(names("Abel", "Zuse")).containsExactly("Abel");
    WebElement time = page.findElement(By.cssSelector("main time"));
    assertThat(time.getDomAttribute("title")).endsWith(" UTC");
    assertThat(time.getText()).isNotBlank().doesNotEndWith(" UTC");
  }

  @Test
  void anAdminSeesARebuildGoOnWithoutLoadingThePage() {
    signIn(bank.admin(tenant));
    open("/console/read-models");
    page.findElement(By.cssSelector("[aria-label='Rebuild products']")).click();
    await().atMost(SOON).until(() -> text().contains("done"));
    assertThat(text()).contains("rebuild from the first event");
  }

  @Test
  void aCustomerIsOfferedLessAndAnotherTenantSeesNothing() {
    signIn(bank.customer(tenant, "cust-42"));
    open("/console/accounts/" + account);
    assertThat(links()).contains("Transfer", "Statements").doesNotContain("Deposit", "Freeze");
    assertThat(navigation()).doesNotContain("Read models", "Processes", "Events");

    signIn(bank.teller(bank.newTenant()));
    for (String path : List.of("", "/deposit", "/transfer", "/statements", "/balances")) {
      open("/console/accounts/" + account + path);
      assertThat(text()).as(path).doesNotContain("1,234.50", "cust-42");
    }
    open("/console/accounts/" + account);
    assertThat(text()).contains("There is nothing here, or you may not see it.");
  }

  @Test
  void aPlantedSessionIsReplacedAtTheSignIn() {
    page.manage().addCookie(new Cookie(SESSION, "planted"));
    open("/console/accounts");
    assertThat(heading()).isEqualTo("Sign in");
    follow(page.findElement(By.cssSelector("button[name=choice]")));
    assertThat(heading()).isEqualTo("Accounts");
    Cookie session = Objects.requireNonNull(page.manage().getCookieNamed(SESSION));
    assertThat(session.getValue()).isNotEqualTo("planted");
    assertThat(session.isHttpOnly()).isTrue();
    assertThat(page.executeScript("return document.cookie")).isEqualTo("");
    press("Sign out");
    assertThat(page.manage().getCookieNamed(SESSION)).isNull();
  }

  @Test
  void theFormOfAnotherSiteMovesNothing() {
    signIn(teller);
    String before = balance();
    page.get(
        "data:text/html,<form method=post action='%s'><input name=amount value=1.00><input name=reference value=forged></form>"
            .formatted(uri("/console/accounts/%s/deposit".formatted(account))));
    page.executeScript("document.forms[0].submit()");
    await().atMost(Duration.ofSeconds(30)).until(() -> text().contains("came from another site"));
    assertThat(balance()).isEqualTo(before);
  }

  @Test
  void theFirstPageIsSmall() {
    signIn(bank.withAllRoles(tenant));
    page.executeCdpCommand("Network.clearBrowserCache", Map.of());
    chromium.network();
    open("/console");
    assertThat(bytesLoaded()).isPositive().isLessThan(250_000);
  }

  @Test
  void anOpenOverviewIsLiveAndNothingOfAClosedOneGoesOn() {
    signIn(bank.auditor(tenant));
    open("/console");
    String closed = page.getWindowHandle();
    page.switchTo().newWindow(WindowType.TAB);
    open("/console");
    String open = page.getWindowHandle();
    page.switchTo().window(closed);
    page.close();
    page.switchTo().window(open);
    awaitOpenOverviews(1);
    String before = trialBalance();
    teller.deposit(account, "1.00").expect(200);
    await().atMost(SOON).until(() -> !trialBalance().equals(before));
    open("/console/accounts");
    awaitOpenOverviews(0);
    page.navigate().back();
    awaitOpenOverviews(1);
    open("/console/sign-in");
    awaitOpenOverviews(0);
  }

  /** Looks at one page of each kind that links lead to from the overview and is not seen yet. */
  private static void walk(String prefix, Set<String> seen, List<String> found) {
    seen.add("/console");
    Queue<String> next = new ArrayDeque<>(List.of("/console"));
    while (!next.isEmpty() && seen.size() < MOST_PAGES) {
      String path = next.remove();
      look(path, prefix + name(path), found);
      for (String link : linkedPages()) {
        if (seen.add(kind(link))) {
          next.add(link);
        }
      }
    }
  }

  /** Adds what is wrong with a page, in both schemes, and keeps pictures of it. */
  private static void look(String path, String name, List<String> found) {
    chromium.errors();
    chromium.network();
    open(path);
    for (boolean dark : List.of(false, true)) {
      chromium.setDark(dark);
      chromium.screenshot(SCREENSHOTS.resolve(name + (dark ? "-dark.png" : ".png")));
      Accessibility.violations(chromium)
          .forEach(violation -> found.add(path + (dark ? " (dark): " : ": ") + violation));
    }
    chromium.setDark(false);
    if (chromium.isTooWideForAPhone()) {
      found.add(path + ": wider than a phone");
    }
    if (page.findElements(By.tagName("button")).stream()
        .anyMatch(button -> !doesSomething(button))) {
      found.add(path + ": a button of no form");
    }
    if (Objects.requireNonNull(page.getPageSource()).contains("??")) {
      found.add(path + ": a text is missing");
    }
    chromium.errors().forEach(error -> found.add(path + ": " + error));
    hosts().stream()
        .filter(host -> !host.equals("localhost"))
        .forEach(host -> found.add(path + ": a request to " + host));
    if (page.executeScript("return window.ran") != null) {
      found.add(path + ": a script in a text was run");
    }
  }

  private static boolean doesSomething(WebElement button) {
    return button.getDomProperty("form") != null
        || Objects.requireNonNull(button.getDomProperty("className")).contains("sort");
  }

  private static List<String> linkedPages() {
    return page.findElements(By.cssSelector("a[href]")).stream()
        .map(link -> Objects.requireNonNull(link.getDomProperty("href")))
        .filter(link -> link.startsWith(uri("/console").toString()))
        .map(link -> link.substring(uri("").toString().length()).replaceFirst("#.*", ""))
        // a document, and the provider's page
        .filter(link -> !link.matches(".*/statements/.+|.*/sign-in/.*"))
        .toList();
  }

  /** The path without ids and parameters. */
  private static String kind(String path) {
    return ID.matcher(path.replaceFirst("\\?.*", ""))
        .replaceAll("{id}")
        .replaceFirst("read-models/[^/]+", "read-models/{name}")
        .replaceFirst("tenants/(?!new$)[^/]+", "tenants/{id}");
  }

  private static String name(String path) {
    String name = kind(path).replace("/console", "").replaceAll("[^a-z-]+", "-");
    return name.isEmpty() ? "overview" : name.replaceAll("^-|-$", "");
  }

  private static Set<String> hosts() {
    Set<String> hosts = new HashSet<>();
    for (JsonNode event : chromium.network()) {
      if (event.path("method").asString("").equals("Network.requestWillBeSent")) {
        URI uri = URI.create(event.at("/params/request/url").asString(""));
        if (uri.getHost() != null) {
          hosts.add(uri.getHost());
        }
      }
    }
    return hosts;
  }

  private static long bytesLoaded() {
    return chromium.network().stream()
        .filter(event -> event.path("method").asString("").equals("Network.loadingFinished"))
        .mapToLong(event -> event.at("/params/encodedDataLength").asLong(0))
        .sum();
  }

  private static void awaitOpenOverviews(int count) {
    await()
        .atMost(SOON)
        .until(
            () ->
                bank.part(MeterRegistry.class).get("kontor.console.overviews").gauge().value()
                    == count);
  }

  private static String trialBalance() {
    return page.findElement(By.cssSelector("#figures td.number")).getText();
  }

  /** Some of the rows' first texts, in the rows' order. */
  private static List<String> names(String... some) {
    List<String> wanted = List.of(some);
    return texts("main td:first-child").stream().filter(wanted::contains).toList();
  }

  private static String stuckPayment() {
    String payment = teller.pay(account, "1.00").expect(202).text("id");
    await()
        .atMost(SOON)
        .until(
            () -> teller.get("/v1/payments/" + payment).json().path("needsAttention").asBoolean());
    return payment;
  }

  private static String paymentPage(String payment) {
    return "/console/payments/" + payment;
  }

  private static void awaitStatus(String path, String status) {
    await()
        .atMost(SOON)
        .until(() -> teller.get(path).json().path("status").asString(), status::equals);
  }

  private static List<String> reasonsIn(String stream) {
    return bank.auditor(tenant).list("/v1/admin/events?stream=" + stream).stream()
        .map(event -> event.at("/payload/reason").asString(""))
        .toList();
  }

  private static long timesStuck(String order) {
    return teller
        .get("/v1/orders/" + order)
        .json()
        .path("timeline")
        .valueStream()
        .filter(happening -> happening.path("outcome").asString().equals("NEEDS_ATTENTION"))
        .count();
  }

  private static boolean isRequired(String field) {
    return page.findElement(By.name(field)).getDomAttribute("required") != null;
  }

  /** Where the page's first links lead, as far as they are in tables. */
  private static List<String> firstLinks(int count) {
    return page.findElements(By.cssSelector("main td a")).stream()
        .limit(count)
        .map(link -> link.getDomAttribute("href"))
        .toList();
  }

  /** The page's text after a form that it does not have, with a token that it has. */
  private static String afterForging(String action) {
    WebElement body = page.findElement(By.tagName("body"));
    page.executeScript(
        "const form = document.querySelector('form.person'); form.action = arguments[0];"
            + " form.submit()",
        action);
    await().atMost(SOON).until(() -> isGone(body) && isLoaded());
    return text();
  }

  private static void move(String action, String... fields) {
    click(action);
    fill(fields);
    press(action);
  }

  private static void click(String link) {
    follow(page.findElement(By.linkText(link)));
  }

  private static void fill(String... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      WebElement field = page.findElement(By.name(namesAndValues[i]));
      field.clear();
      field.sendKeys(namesAndValues[i + 1]);
    }
  }

  private static void press(String button) {
    follow(
        page.findElements(By.tagName("button")).stream()
            .filter(candidate -> candidate.getText().equals(button))
            .findFirst()
            .orElseThrow());
  }

  /** Clicks, and waits for the page that it leads to. */
  private static void follow(WebElement element) {
    element.click();
    await().atMost(Duration.ofSeconds(30)).until(() -> isGone(element) && isLoaded());
  }

  private static boolean isGone(WebElement element) {
    try {
      element.isEnabled();
      return false;
    } catch (StaleElementReferenceException | NoSuchElementException otherPage) {
      return true;
    }
  }

  private static boolean isLoaded() {
    return "complete".equals(page.executeScript("return document.readyState"));
  }

  private static String value(String field) {
    return page.findElement(By.name(field)).getDomProperty("value");
  }

  private static String heading() {
    return page.findElement(By.tagName("h1")).getText();
  }

  private static String text() {
    return page.findElement(By.tagName("body")).getText();
  }

  private static List<String> links() {
    return texts("main a");
  }

  private static List<String> navigation() {
    return texts("header nav a");
  }

  private static List<String> texts(String selector) {
    return page.findElements(By.cssSelector(selector)).stream().map(WebElement::getText).toList();
  }

  private static void open(String path) {
    page.get(uri(path).toString());
  }

  private static URI uri(String path) {
    return URI.create("http://localhost:" + bank.anyone().port() + path);
  }

  /** Signs in with a token, as the provider's answer does. */
  private static void signIn(BankClient person) {
    var response = new MockHttpServletResponse();
    bank.part(ConsoleSession.class).begin(response, person.token());
    open("/console/sign-in");
    page.manage().deleteAllCookies();
    for (HttpCookie cookie : HttpCookie.parse(response.getHeader(HttpHeaders.SET_COOKIE))) {
      page.manage()
          .addCookie(
              new Cookie.Builder(cookie.getName(), cookie.getValue())
                  .path("/")
                  .isHttpOnly(true)
                  .sameSite("Lax")
                  .build());
    }
  }

  private static String openAccount(String owner) {
    return openAccount("cust-42", owner);
  }

  private static String openAccount(String customer, String owner) {
    String body =
        "{\"customer\":\"%s\",\"owner\":\"%s\",\"currency\":\"EUR\"}"
            .formatted(customer, owner.replace("\"", "\\\""));
    var opened = teller.post("/v1/accounts", body).expect(201);
    teller.getAfter(opened, "/v1/accounts").expect(200);
    return opened.text("id");
  }

  private static String balance() {
    return teller.get("/v1/accounts/" + account).expect(200).amount("balance");
  }
}
