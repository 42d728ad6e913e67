package io.kontor.app;

import io.kontor.app.browser.Chromium;
import io.kontor.console.session.ConsoleSession;
import java.io.IOException;
import java.net.HttpCookie;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
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
  private static final int QUALITY = 70;

  @TempDir private Path folder;

  @Test
  void eachPageIsSeen() throws IOException {
    new Tools(folder).run("demo").expect(0);
    try (var chromium = Chromium.start()) {
      BankFixture bank = BankFixture.startIn(folder);
      try {
        Awaitility.await()
            .atMost(Duration.ofMinutes(3))
            .until(
                () -> bank.admin("acme").list("/v1/admin/sagas?state=NEEDS_ATTENTION").size() >= 3);
        take(chromium.driver(), bank);
      } finally {
        bank.stop();
      }
    }
  }

  private static void take(ChromeDriver page, BankFixture bank) throws IOException {
    open(page, bank, "/console/sign-in");
    picture(page, "sign-in");
    signIn(page, bank, bank.operator());
    open(page, bank, "/console");
    picture(page, "overview-operator");
    signIn(page, bank, bank.auditor("acme"));
    open(page, bank, "/console");
    picture(page, "overview-auditor");
    open(page, bank, "/console/read-models");
    picture(page, "read-models");

    signIn(page, bank, bank.teller("acme"));
    open(page, bank, "/console/accounts");
    picture(page, "accounts");
    String account =
        bank.teller("acme").list("/v1/accounts?customer=alice").getFirst().path("id").asString();
    open(page, bank, "/console/accounts/" + account);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !page.findElements(By.cssSelector(".chart canvas")).isEmpty());
    picture(page, "account");
    open(page, bank, "/console/accounts/%s/transfer".formatted(account));
    picture(page, "transfer");
    open(page, bank, "/console/accounts/%s/statements".formatted(account));
    picture(page, "statements");
    open(page, bank, "/console/payments");
    picture(page, "payments");
    open(page, bank, link(page, "/console/payments/"));
    picture(page, "payment");

    signIn(page, bank, bank.admin("acme"));
    open(page, bank, "/console/processes");
    picture(page, "processes");
    open(page, bank, link(page, "/console/processes/"));
    picture(page, "process");
    open(page, bank, "/console/events?stream=" + account);
    picture(page, "events");
    open(page, bank, "/console/jobs");
    picture(page, "jobs");
    String order =
        bank.admin("acme")
            .list("/v1/admin/sagas?state=NEEDS_ATTENTION")
            .getFirst()
            .path("id")
            .asString();
    signIn(page, bank, bank.teller("acme"));
    open(page, bank, "/console/orders/" + order);
    picture(page, "order");
  }

  /** WebP, which is a third of a PNG. */
  private static void picture(ChromeDriver page, String name) throws IOException {
    Map<String, Object> taken =
        page.executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "webp", "quality", QUALITY));
    Files.createDirectories(PICTURES);
    Files.write(
        PICTURES.resolve(name + ".webp"),
        Base64.getDecoder().decode(String.valueOf(taken.get("data"))));
  }

  /** Where the first link leads that begins so. */
  private static String link(ChromeDriver page, String path) {
    String link =
        page.findElement(By.cssSelector("main a[href^='%s']".formatted(path)))
            .getDomAttribute("href");
    return Objects.requireNonNull(link);
  }

  private static void open(ChromeDriver page, BankFixture bank, String path) {
    page.get("http://localhost:" + bank.anyone().port() + path);
  }

  private static void signIn(ChromeDriver page, BankFixture bank, BankClient person) {
    var response = new MockHttpServletResponse();
    bank.part(ConsoleSession.class).begin(response, person.token());
    open(page, bank, "/console/sign-in");
    page.manage().deleteAllCookies();
    for (HttpCookie cookie : HttpCookie.parse(response.getHeader(HttpHeaders.SET_COOKIE))) {
      page.manage().addCookie(new Cookie(cookie.getName(), cookie.getValue()));
    }
  }
}
