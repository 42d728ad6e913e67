package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.browser.Chromium;
import io.kontor.console.session.ConsoleSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.chrome.ChromeDriver;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletResponse;

/**
 * Takes the pictures of docs/console.md anew, from the demo's data, when {@code
 * -Dkontor.console-pictures=write} asks for it.
 */
@Tag("system")
@EnabledIfSystemProperty(named = "kontor.console-pictures", matches = "write")
class ConsolePicturesTest {
  private static final Path PICTURES = Path.of("..", "docs", "console");
  private static final Duration SOON = Duration.ofMinutes(3);

  /** WebP, which is a third of a PNG. */
  private static final int QUALITY = 60;

  @TempDir private Path folder;

  @Test
  void eachPageIsSeen() {
    new Tools(folder).run("demo").expect(0);
    try (var chromium = Chromium.start()) {
      BankFixture bank = BankFixture.startIn(folder);
      try {
        new Camera(chromium, bank).takeAll();
      } finally {
        bank.stop();
      }
    }
  }

  private static final class Camera {
    private final Chromium chromium;
    private final ChromeDriver page;
    private final BankFixture bank;
    private final BankClient teller;
    private final BankClient admin;
    private final BankClient auditor;

    Camera(Chromium chromium, BankFixture bank) {
      this.chromium = chromium;
      this.page = chromium.driver();
      this.bank = bank;
      this.teller = bank.teller("acme");
      this.admin = bank.admin("acme");
      this.auditor = bank.auditor("acme");
    }

    void takeAll() {
      await()
          .atMost(SOON)
          .until(
              () ->
                  bank.operator()
                      .get("/v1/admin/projections")
                      .json()
                      .valueStream()
                      .allMatch(readModel -> readModel.path("lag").asLong() == 0));
      await()
          .atMost(SOON)
          .until(() -> admin.list("/v1/admin/sagas?state=NEEDS_ATTENTION").size() >= 3);
      open("/console/sign-in");
      picture("sign-in");
      ofATeller();
      ofAnAdmin();
      ofAnAuditor();
      ofAnOperator();
    }

    private void ofATeller() {
      signIn(teller);
      take("accounts", "/console/accounts");
      String account = account();
      take("account", "/console/accounts/" + account);
      take("transfer", "/console/accounts/%s/transfer".formatted(account));
      take("statements", "/console/accounts/%s/statements".formatted(account));
      take("balance-alerts", "/console/accounts/%s/alerts".formatted(account));
      take("conditions-account", "/console/accounts/%s/conditions".formatted(account));
      take("standing-orders", "/console/standing-orders");
      take("standing-order", firstLink("/console/standing-orders/"));
      take("reports", "/console/reports");
      take("payments", "/console/payments");
      take("payment", firstLink("/console/payments/"));
      take("order", "/console/orders/" + stuckOrder());
      BankClient customer = bank.customer("acme", "alice");
      teller.deposit(account, "250.00").expect(200);
      await().atMost(SOON).until(() -> !customer.list("/v1/notifications").isEmpty());
      signIn(customer);
      take("notifications", "/console/notifications");
    }

    private void ofAnAdmin() {
      signIn(admin);
      admin
          .post(
              "/v1/webhooks",
              "{'url':'https://partner.example/hook','kinds':['PAYMENT_REJECTED'],'description':'the back office'}")
          .expect(201);
      admin
          .post("/v1/api-keys", "{'name':'payroll','scopes':['admin'],'validForDays':90}")
          .expect(201);
      take("processes", "/console/processes");
      take("process", "/console/processes/" + stuckOrder());
      take("webhooks", "/console/webhooks");
      take("api-keys", "/console/api-keys");
      take("limits", "/console/limits");
      take("end-of-day", "/console/end-of-day");
      take("conditions", "/console/conditions/EUR");
    }

    private void ofAnAuditor() {
      signIn(auditor);
      take("read-models", "/console/read-models");
      String account = account();
      take("events", "/console/events?stream=" + account);
      take("history", "/console/accounts/%s/history".formatted(account));
      String position =
          auditor.list("/v1/admin/events?stream=" + account).getLast().path("position").asString();
      take("trace", "/console/events/%s/trace".formatted(position));
      take("integrity", "/console/integrity");
      take("jobs", "/console/jobs");
      take("overview-auditor", "/console");
    }

    /** Last, so that the charts have something to show. */
    private void ofAnOperator() {
      signIn(bank.operator());
      take("tenants", "/console/tenants");
      take("tenant", "/console/tenants/acme");
      open("/console");
      await().atMost(SOON).until(() -> samples() >= 6);
      take("overview-operator", "/console");
      chromium.setDark(true);
      take("overview-operator-dark", "/console");
      chromium.setDark(false);
    }

    private void take(String name, String path) {
      open(path);
      await()
          .atMost(SOON)
          .until(
              () ->
                  page.findElements(By.cssSelector(".chart")).size()
                      == page.findElements(By.cssSelector(".chart canvas")).size());
      picture(name);
    }

    private void picture(String name) {
      assertThat(page.getPageSource()).doesNotContain("??");
      Map<String, Object> taken =
          page.executeCdpCommand(
              "Page.captureScreenshot", Map.of("format", "webp", "quality", QUALITY));
      try {
        Files.createDirectories(PICTURES);
        Files.write(
            PICTURES.resolve(name + ".webp"),
            Base64.getDecoder().decode(String.valueOf(taken.get("data"))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String account() {
      return teller.list("/v1/accounts?customer=alice").getFirst().path("id").asString();
    }

    private String stuckOrder() {
      return admin.list("/v1/admin/sagas?state=NEEDS_ATTENTION").getFirst().path("id").asString();
    }

    /** Of the node's last hour. */
    private int samples() {
      return ConsoleBrowser.of(bank, bank.operator())
          .get("/console/overview/history")
          .html()
          .split("\"at\"", -1)
          .length;
    }

    /** Where the page's first link leads that begins so, and not to a form. */
    private String firstLink(String path) {
      String link =
          page.findElement(By.cssSelector("main td a[href^='%s']".formatted(path)))
              .getDomAttribute("href");
      return Objects.requireNonNull(link);
    }

    private void open(String path) {
      page.get("http://localhost:" + bank.anyone().port() + path);
    }

    private void signIn(BankClient person) {
      var response = new MockHttpServletResponse();
      bank.part(ConsoleSession.class).begin(response, person.token());
      open("/console/sign-in");
      page.manage().deleteAllCookies();
      for (HttpCookie cookie : HttpCookie.parse(response.getHeader(HttpHeaders.SET_COOKIE))) {
        page.manage().addCookie(new Cookie(cookie.getName(), cookie.getValue()));
      }
    }
  }
}
