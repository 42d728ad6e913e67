package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.browser.Chromium;
import io.kontor.client.NotificationClient;
import io.kontor.notifications.stream.NotificationStreams;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/** The clients of notifications against the running bank, which ends their connections. */
@Tag("system")
@Timeout(180)
class NotificationClientsTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final Path MODULE = Path.of("../clients/js/notifications.js");
  private static final Path SCRIPT = Path.of("src/test/resources/clients/receive.mjs");
  private static final int SENT_AFTERWARDS = 20;
  private static final Duration SOON = Duration.ofSeconds(60);

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);
  private final BankClient ada = BANK.customer(tenant, "ada");
  private final String account = teller.openAccount("ada", "EUR");
  private final String bank = "http://localhost:" + ada.port();

  @Test
  void theJavaClientReceivesEachOnceAlsoAfterItsConnectionWasEnded() {
    List<String> received = new CopyOnWriteArrayList<>();
    deposit();
    try (var _ =
        NotificationClient.connect(
            URI.create(bank), ada::token, one -> received.add(one.id().toString()), null)) {
      await().atMost(SOON).until(() -> !received.isEmpty());
      endConnectionsAmidDeposits();
      await().atMost(SOON).until(() -> received.size() > SENT_AFTERWARDS);
    }
    assertThat(received).isEqualTo(made());
  }

  @Test
  void theJavaScriptClientReceivesEachOnceAlsoAfterItsConnectionWasEnded() throws Exception {
    List<String> command = new ArrayList<>(node());
    command.addAll(
        List.of(
            SCRIPT.toString(),
            MODULE.toString(),
            bank,
            ada.token(),
            Integer.toString(SENT_AFTERWARDS + 1)));
    deposit();
    Process client =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines = client.inputReader(UTF_8)) {
      List<String> received = new ArrayList<>();
      received.add(lines.readLine());
      endConnectionsAmidDeposits();
      lines.lines().forEach(received::add);
      assertThat(client.waitFor()).isZero();
      assertThat(received).isEqualTo(made());
    } finally {
      client.destroyForcibly();
    }
  }

  /** The page for trying out uses the client; it lists notifications, the newest first. */
  @Test
  void aPersonSeesDepositsArriveInABrowserAlsoAfterItsConnectionWasEnded() {
    try (Chromium browser = Chromium.start()) {
      ChromeDriver page = browser.driver();
      page.get("%s/dev/pages/notifications.html?tenant=%s&subject=ada".formatted(bank, tenant));
      await().atMost(SOON).until(() -> text(page, "#state").equals("Connected"));
      teller.deposit(account, "1234.50").expect(200);
      await().atMost(SOON).until(() -> text(page, "#list").contains("1234.50 EUR"));
      assertThat(text(page, "#list")).contains("Money in");
      browser.screenshot(Path.of("target", "screenshots", "notifications.png"));
      assertThat(browser.errors()).isEmpty();
      endConnectionsAmidDeposits();
      await().atMost(SOON).until(() -> listed(page).size() > SENT_AFTERWARDS);
      assertThat(listed(page)).isEqualTo(made());
    }
  }

  private static String text(ChromeDriver page, String selector) {
    return page.findElement(By.cssSelector(selector)).getText();
  }

  /** Those on the page, oldest first. */
  private static List<String> listed(ChromeDriver page) {
    return page.findElements(By.cssSelector("#list li")).reversed().stream()
        .map(item -> Objects.requireNonNull(item.getDomAttribute("data-id")))
        .toList();
  }

  /** The program, with WebSockets; older versions want to be asked for them. */
  private static List<String> node() throws InterruptedException {
    List<String> plain = List.of("node");
    List<String> asked = List.of("node", "--experimental-websocket");
    boolean isPlain = hasWebSockets(plain);
    assumeThat(isPlain || hasWebSockets(asked))
        .as("there is no Node.js with WebSockets on the PATH: the client is not tested")
        .isTrue();
    return isPlain ? plain : asked;
  }

  private static boolean hasWebSockets(List<String> node) throws InterruptedException {
    List<String> command = new ArrayList<>(node);
    command.addAll(List.of("-e", "process.exit(typeof WebSocket === 'function' ? 0 : 1)"));
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  private void endConnectionsAmidDeposits() {
    var streams = BANK.part(NotificationStreams.class);
    for (int i = 0; i < SENT_AFTERWARDS; i++) {
      if (i == SENT_AFTERWARDS / 2) {
        streams.stop();
        streams.start();
      }
      deposit();
    }
  }

  private void deposit() {
    teller.deposit(account, "1.00").expect(200);
  }

  /** All there are, oldest first. */
  private List<String> made() {
    return ada.list("/v1/notifications").reversed().stream()
        .map(one -> one.path("id").asString())
        .toList();
  }
}
